extension String {
    /// The text in double quotes, as JSON and YAML read it; characters that cannot be printed are escaped.
    package var quoted: String { "\"\(unicodeScalars.map(\.inQuotes).joined())\"" }
}

extension Unicode.Scalar {
    fileprivate var inQuotes: String {
        switch self {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default: break
        }
        guard isUnseen else { return String(self) }
        return String(self).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
