/// A table of text, for people or as comma-separated values.
package struct Table: Sendable {
    package let header: [String]
    package var rows: [[String]]
    /// The columns that only the wide layout shows.
    package let wide: Set<String>
    /// The columns that people copy, such as ids: never shortened.
    package let whole: Set<String>

    /// - Parameters:
    ///   - header: The names of the columns.
    ///   - rows: The rows, with as many cells each.
    ///   - wide: The columns that only the wide layout shows.
    ///   - whole: The columns that are never shortened.
    package init(header: [String], rows: [[String]] = [], wide: Set<String> = [], whole: Set<String> = []) {
        self.header = header
        self.rows = rows
        self.wide = wide
        self.whole = whole
    }

    /// Lays the table out in aligned columns, two spaces apart.
    ///
    /// - Parameters:
    ///   - style: Which columns are shown, and how wide the terminal is.
    ///   - colours: The colours of rows' first cells, by their text; used if the style has colours.
    /// - Returns: A line for the header and one for each row.
    package func aligned(
        _ style: TableStyle = TableStyle(isWide: true),
        colouring colours: [String: TerminalColour] = [:]
    ) -> String {
        let columns = header.indices.filter { style.isWide || !wide.contains(header[$0]) }
        var all = [columns.map { header[$0] }]
        for row in rows { all.append(columns.map { $0 < row.count && !row[$0].isEmpty ? row[$0].printable : "-" }) }
        var widths = columns.map { _ in 0 }
        for row in all {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], Self.width(of: cell)) }
        }
        if let width = style.width, !style.isWide { fit(&widths, of: all[0], into: width) }
        var text = ""
        for row in all {
            var gap = 0
            for (column, (cell, width)) in zip(row, widths).enumerated() {
                let shown = cell.shortened(to: width)
                text += String(repeating: " ", count: gap)
                let colour = column == 0 && style.isColoured ? colours[cell] : nil
                text += colour?.applied(to: shown) ?? shown
                gap = width - Self.width(of: shown) + Self.gap
            }
            text += "\n"
        }
        return text
    }

    /// Shortens the widest columns, one character at a time, until the table fits into `total`.
    private func fit(_ widths: inout [Int], of names: [String], into total: Int) {
        let least = names.map { max(Self.width(of: $0), Self.leastWidth) }
        var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - total
        while excess > 0 {
            let candidates = widths.indices.filter { widths[$0] > least[$0] && !whole.contains(names[$0]) }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
            excess -= 1
        }
    }

    private static let gap = 2

    /// The least width of a shortened column: fewer characters tell nothing.
    private static let leastWidth = 8

    /// Counting characters is slow, and most text is ASCII.
    private static func width(of text: String) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.count
    }

    /// The table as CSV (RFC 4180) that is safe to open in a spreadsheet: no cell begins a formula.
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
        // Split by scalars: as a character, a quote before a combining mark is not a quote.
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
