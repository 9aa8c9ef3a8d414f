/// A span of time as people write it: `90s`, `1h30m`, `30d`, `2w`.
package struct Age: Sendable, Hashable {
    package let seconds: Int64

    package init(seconds: Int64) {
        self.seconds = seconds
    }

    /// - Parameter text: Whole numbers of nine digits at most with `w`, `d`, `h`, `m` and `s`, the larger unit first;
    ///   anything else gives nil.
    package init?(_ text: String) {
        let grammar = /(?:([0-9]{1,9})w)?(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?/
        guard !text.isEmpty, let match = text.wholeMatch(of: grammar) else { return nil }
        let (_, weeks, days, hours, minutes, seconds) = match.output
        let parts: [(Substring?, Int64)] = [
            (weeks, 604_800), (days, 86_400), (hours, 3600), (minutes, 60), (seconds, 1),
        ]
        self.seconds = parts.reduce(0) { sum, part in sum + (part.0.flatMap { Int64($0) } ?? 0) * part.1 }
    }
}

extension Age: CustomStringConvertible {
    /// The span in the largest unit up to days that leaves no remainder.
    package var description: String {
        let units: [(Int64, String)] = [(86_400, "d"), (3600, "h"), (60, "m")]
        guard seconds > 0, let (length, unit) = units.first(where: { seconds.isMultiple(of: $0.0) }) else {
            return "\(seconds)s"
        }
        return "\(seconds / length)\(unit)"
    }
}
