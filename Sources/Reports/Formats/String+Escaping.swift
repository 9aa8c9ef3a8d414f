extension String {
    /// Text that a terminal, or a reader, only shows: names on a share may hold anything, and a terminal obeys control
    /// characters. What turns the direction of writing, or cannot be seen, is escaped as well.
    package var printable: String {
        if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        return unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
            default: String(scalar)
            }
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
