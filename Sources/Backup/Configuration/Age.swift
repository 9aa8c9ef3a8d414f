/// A span of time as people write it: `90s`, `30m`, `12h`, `30d`, `2w`.
package struct Age: Sendable, Hashable {
    package let seconds: Int64

    package init(seconds: Int64) {
        self.seconds = seconds
    }

    /// - Returns: nil unless the text is a whole number and a unit.
    package init?(_ text: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0 else {
            return nil
        }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        self.seconds = seconds
    }
}

extension Age: CustomStringConvertible {
    /// In the largest unit up to days that leaves no rest.
    package var description: String {
        let units: [(Int64, String)] = [(86_400, "d"), (3600, "h"), (60, "m")]
        guard seconds > 0, let (length, unit) = units.first(where: { seconds.isMultiple(of: $0.0) }) else {
            return "\(seconds)s"
        }
        return "\(seconds / length)\(unit)"
    }
}
