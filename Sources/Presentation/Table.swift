/// Columns of text, for people or as comma-separated values.
package struct Table: Sendable {
    package let header: [String]
    package var rows: [[String]]

    package init(header: [String], rows: [[String]] = []) {
        self.header = header
        self.rows = rows
    }

    /// Aligned columns, two spaces apart.
    package var aligned: String { aligned(colouring: [:]) }

    /// Aligned columns, two spaces apart, for a terminal; `colours` are those of rows' first cells, by what is in them.
    package func aligned(colouring colours: [String: TerminalColour]) -> String {
        let all = [header] + rows.map { $0.map { $0.isEmpty ? "-" : $0.printable } }
        var widths = header.map { _ in 0 }
        for row in all {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], Self.width(of: cell)) }
        }
        var text = ""
        for row in all {
            var gap = 0
            for (column, (cell, width)) in zip(row, widths).enumerated() {
                text += String(repeating: " ", count: gap)
                if column == 0, let colour = colours[cell] { text += colour.applied(to: cell) } else { text += cell }
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

    /// RFC 4180, and safe to open in a spreadsheet: no cell begins a formula.
    package var csv: String {
        var text = ""
        for row in [header] + rows {
            for (column, cell) in row.enumerated() {
                if column > 0 { text += "," }
                text += Self.cell(cell)
            }
            text += "\r\n"
        }
        return text
    }

    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.utf8.first, "=+-@\t\r\n".utf8.contains(first),
            Int64(text) == nil || first != UInt8(ascii: "-")
        {
            text = "'" + text
        }
        guard text.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return text }
        // By scalars: to characters, a quote before a combining mark is no quote.
        let parts = text.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"" + parts.map { String($0) }.joined(separator: "\"\"") + "\""
    }

    /// As a table of GitHub Flavored Markdown, in which every cell stays text.
    package var markdown: String {
        var text = Self.markdownRow(header) + Self.markdownRow(header.map { _ in "---" })
        for row in rows { text += Self.markdownRow(row.map(\.markdown)) }
        return text
    }

    private static func markdownRow(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
}
