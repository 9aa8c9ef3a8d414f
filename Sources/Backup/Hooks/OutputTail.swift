/// The end of a long text, kept in bounded memory.
struct OutputTail: Sendable {
    /// The most that is shown, in bytes of UTF-8.
    static let limit = 4 << 10
    /// The longest text that is recognised as a secret, in bytes.
    static let longestSecret = 4 << 10

    private var bytes: [UInt8] = []
    private var wasCut = false

    /// The bytes that are kept: more than are shown, so that a secret across the cut is still recognised.
    private static let kept = limit + longestSecret

    mutating func append(_ more: some Collection<UInt8>) {
        bytes += more.suffix(Self.kept)
        wasCut = wasCut || more.count > Self.kept
        guard bytes.count > 2 * Self.kept else { return }
        trim()
    }

    /// The end of the text, with secrets masked.
    ///
    /// - Parameter secrets: Texts that are replaced by dots.
    /// - Returns: Printable text of at most ``limit`` bytes; `nil` if there is none.
    func text(without secrets: [String] = []) -> String? {
        var tail = self
        tail.trim()
        // The cut may split a character.
        let bytes = tail.wasCut ? tail.bytes.drop { $0 & 0xC0 == 0x80 } : tail.bytes[...]
        var text = String(decoding: bytes, as: UTF8.self)
        for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) where !secret.isEmpty {
            text = text.replacing(secret, with: "•••")
        }
        if tail.wasCut { text = String(Substring(text.utf8.dropFirst(Self.rest(of: secrets, in: text)))) }
        text = String(String.UnicodeScalarView(text.unicodeScalars.map(Self.printable)))
        text = text.trimmingWhitespace
        guard tail.wasCut || text.utf8.count > Self.limit else { return text.isEmpty ? nil : text }
        return "…" + Self.suffix(of: text)
    }

    /// The length of the remainder of a cut secret at the start. Dots are shorter than secrets, so the remainder could
    /// otherwise fall into the part that is shown.
    private static func rest(of secrets: [String], in text: String) -> Int {
        let rests = secrets.map { secret in
            let secret = Array(secret.utf8)
            let cut = (1..<max(1, secret.count)).first { text.utf8.starts(with: secret[$0...]) }
            return cut.map { secret.count - $0 } ?? 0
        }
        return rests.max() ?? 0
    }

    private mutating func trim() {
        guard bytes.count > Self.kept else { return }
        bytes.removeFirst(bytes.count - Self.kept)
        wasCut = true
    }

    /// The last characters whose UTF-8 fits, with room for the ellipsis.
    private static func suffix(of text: String) -> Substring {
        let ellipsis = 3
        var start = text.utf8.index(text.utf8.startIndex, offsetBy: max(0, text.utf8.count - limit + ellipsis))
        while start < text.endIndex, start.samePosition(in: text.unicodeScalars) == nil {
            start = text.utf8.index(after: start)
        }
        return text[start...]
    }

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control where scalar == "\n" || scalar == "\t": scalar
        case .control where scalar == "\r": "\n"
        case .control, .format, .surrogate, .privateUse, .unassigned: "\u{FFFD}"
        default: scalar
        }
    }
}

extension String {
    fileprivate var trimmingWhitespace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
