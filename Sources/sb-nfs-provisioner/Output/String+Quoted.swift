extension Unicode.Scalar {
    /// Whether it can stand in a line for people: no control character, no line break, nothing that turns the line about.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}

extension String {
    /// In double quotes, as JSON and YAML read it; what cannot be printed is escaped.
    var quoted: String { "\"\(unicodeScalars.map { $0.escaped(quotes: true) }.joined())\"" }

    /// Without quotes; what cannot be printed is escaped.
    var printable: String { unicodeScalars.map { $0.escaped(quotes: false) }.joined() }
}

extension Unicode.Scalar {
    fileprivate func escaped(quotes: Bool) -> String {
        switch self {
        case "\"" where quotes: return "\\\""
        case "\\" where quotes: return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default: break
        }
        if isPrintable { return String(self) }
        return String(self).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
