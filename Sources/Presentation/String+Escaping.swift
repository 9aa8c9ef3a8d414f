extension String {
    /// Text that a terminal, or a reader, only shows: names on a share may hold anything, and a terminal obeys control
    /// characters. What turns the direction of writing, or cannot be seen, is escaped as well.
    package var printable: String {
        if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        return unicodeScalars.map { scalar in
            scalar.isUnseen ? scalar.escaped(asASCII: true) : String(scalar)
        }.joined()
    }

    /// Text that GitHub Flavored Markdown shows as it is, in a table's cell too: neither mark-up nor HTML.
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
    /// Whether it would do something to the text around it instead of being seen: controls, and what turns the direction of
    /// writing, with which a name can be made to read as another.
    package var isUnseen: Bool {
        // Most text is ASCII, and a look at the table of properties is dear.
        if isASCII { return !(0x20..<0x7F).contains(value) }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
