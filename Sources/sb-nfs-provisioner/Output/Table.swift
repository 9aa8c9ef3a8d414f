/// Columns of text, for people or as comma-separated values.
struct Table {
    let header: [String]
    var rows: [[String]] = []

    /// Aligned columns, two spaces apart.
    var aligned: String {
        let all = [header] + rows.map { $0.map { $0.isEmpty ? "-" : Self.printable($0) } }
        var widths = header.map { _ in 0 }
        for row in all {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], Self.width(of: cell)) }
        }
        var text = ""
        for row in all {
            var gap = 0
            for (cell, width) in zip(row, widths) {
                text += String(repeating: " ", count: gap) + cell
                gap = width - Self.width(of: cell) + 2
            }
            text += "\n"
        }
        return text
    }

    /// Counting characters is slow, and most text is ASCII.
    private static func width(of text: String) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.count
    }

    /// Names on a share may hold anything, and a terminal obeys control characters.
    private static func printable(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        return text.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }.joined()
    }

    /// RFC 4180, and safe to open in a spreadsheet: no cell begins a formula.
    var csv: String {
        ([header] + rows).map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
