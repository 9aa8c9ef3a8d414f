import TestBed

/// Makes inputs from those of a corpus by a few changes, so that most are still nearly what they were.
struct Mutator {
    let corpus: [[UInt8]]

    /// What readers stumble over.
    private static let words = [
        "0", "-1", "-0", "0.1", "1e999", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "99999999999999999999999999999999999999999", "true", "null", "~", "\"", "'", "\\", "\\u0000", "{", "}", "[",
        "]",
        ":", ": ", ",", "- ", "&a ", "*a", "!!str ", "|", "\n", "\r\n", "\r", "\t", " ", "\0", "..", "/", "../", "${",
        "$",
        "=", "=1+1", "<script>", "</td>", "&amp;", "\u{301}", "\u{202E}", "\u{FEFF}", "\u{2028}", "ä", "😀",
        "0000-01-01T00:00:00+23:59", "9999-12-31T23:59:60-23:59",
    ].map { Array($0.utf8) }

    func next(_ random: inout SeededGenerator) -> [UInt8] {
        var input = corpus.randomElement(using: &random) ?? []
        let most = Bool.random(using: &random) ? 1 : 4
        for _ in 0..<Int.random(in: 1...most, using: &random) { change(&input, &random) }
        return input
    }

    private func change(_ input: inout [UInt8], _ random: inout SeededGenerator) {
        let part = Self.part(of: input, &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0:
            if let place = input.indices.randomElement(using: &random) {
                input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
        case 1:
            if let place = input.indices.randomElement(using: &random) {
                input[place] = .random(in: .min ... .max, using: &random)
            }
        case 2: input.removeSubrange(part)
        case 3: input.insert(contentsOf: input[part], at: part.lowerBound)
        case 4: input.replaceSubrange(part, with: Self.words.randomElement(using: &random) ?? [])
        case 5: input.insert(contentsOf: Self.words.randomElement(using: &random) ?? [], at: part.lowerBound)
        default:
            let other = corpus.randomElement(using: &random) ?? []
            input.replaceSubrange(part, with: other[Self.part(of: other, &random)])
        }
    }

    /// A short part more often than a long one; an empty one at times.
    private static func part(of input: [UInt8], _ random: inout SeededGenerator) -> Range<Int> {
        let start = Int.random(in: 0...input.count, using: &random)
        let longest = Int.random(in: 0..<4, using: &random) > 0 ? 8 : input.count
        return start..<min(input.count, start + Int.random(in: 0...longest, using: &random))
    }
}

extension [UInt8] {
    /// The same bytes as a network or a server may hand them out. Where they are cut follows from them alone.
    var pieces: [[UInt8]] {
        var random = SeededGenerator(seed: reduce(UInt64(count)) { $0 &* 31 &+ UInt64($1) })
        var pieces: [[UInt8]] = []
        var rest = self[...]
        while !rest.isEmpty {
            let size = Int.random(in: 1...(Bool.random(using: &random) ? 4 : 600), using: &random)
            pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
