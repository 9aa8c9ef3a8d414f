extension String {
    /// The text in a form that is safe to display: names on a share may contain anything, and a terminal obeys control
    /// characters. Invisible characters, and those that change the direction of writing, are escaped as well.
    package var printable: String {
        if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        return unicodeScalars.map { scalar in
            scalar.isUnseen ? scalar.escaped(asASCII: true) : String(scalar)
        }.joined()
    }

    /// The text escaped for GitHub Flavored Markdown, also in a table's cell: neither mark-up nor HTML takes effect.
    package var markdown: String {
        var text = ""
        for scalar in printable.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\\", "`", "*", "_", "[", "]", "#", "|", "~": text += "\\\(scalar)"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether the character acts on the text around it instead of being visible: control characters, and those that
    /// change the direction of writing, which can make one name read as another.
    package var isUnseen: Bool {
        // Most text is ASCII, and a lookup in the table of properties is expensive.
        if isASCII { return !(0x20..<0x7F).contains(value) }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
