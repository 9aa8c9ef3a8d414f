import Presentation

/// A table of a page: rows under headings that the script makes sortable, above them the script's filters, below them
/// sums.
struct ReportTable {
    struct Column {
        enum Content: String {
            case text, time, number, bytes
        }

        let title: String
        let content: Content
        /// Whether rows can be narrowed down to one value.
        var isFilter = false
        /// The sum of its numbers, over all rows.
        var sum: Int64?
        /// The values in their sort order, separated by blanks; nil to sort as text.
        var order: String?

        init(_ title: String, _ content: Content = .text) {
            (self.title, self.content) = (title, content)
        }

        static func filter(_ title: String, order: String? = nil) -> Column {
            var column = Column(title)
            (column.isFilter, column.order) = (true, order)
            return column
        }

        static func sum(_ title: String, _ content: Content, _ sum: Int64) -> Column {
            var column = Column(title, content)
            column.sum = sum
            return column
        }
    }

    let id: String
    /// What the table lists, for screen readers.
    let label: String
    let columns: [Column]
    let count: Int

    /// - Parameters:
    ///   - writer: Receives the table.
    ///   - row: Writes the cells of the row with an index.
    func write(to writer: inout HTMLWriter, row: (Int, inout HTMLWriter) -> Void) {
        guard count > 0 else {
            writer.element("p", ("class", "none"), text: "None.")
            return
        }
        writer.element("div", ("class", "table"), ("data-table", id)) { writer in
            writer.element("div", ("class", "tools"), ("role", "search"), ("hidden", "")) { _ in }
            writer.element("div", ("class", "scroll"), ("role", "region"), ("aria-label", label), ("tabindex", "0")) {
                $0.element("table") { writer in
                    writer.element("caption", ("class", "unseen"), text: label)
                    writer.element("thead") { head(&$0) }
                    writer.element("tbody") { writer in
                        for index in 0..<count { writer.element("tr") { row(index, &$0) } }
                    }
                    foot(&writer)
                }
            }
        }
    }

    private func head(_ writer: inout HTMLWriter) {
        writer.element("tr") { writer in
            for column in columns {
                writer.element(
                    "th",
                    ("scope", "col"),
                    ("data-kind", column.content.rawValue),
                    ("data-filter", column.isFilter ? "" : nil),
                    ("data-order", column.order),
                    text: column.title
                )
            }
        }
    }

    private func foot(_ writer: inout HTMLWriter) {
        guard columns.contains(where: { $0.sum != nil }) else { return }
        writer.element("tfoot") {
            $0.element("tr") { writer in
                for (index, column) in columns.enumerated() {
                    guard let sum = column.sum else {
                        if index == 0 {
                            writer.element("th", ("scope", "row"), text: "Sum")
                        } else {
                            writer.element("td")
                        }
                        continue
                    }
                    let text = column.content == .bytes ? "\(ByteCount(sum))" : sum.grouped
                    writer.element("td", ("class", "n"), ("data-sum", "\(sum)"), text: text)
                }
            }
        }
    }
}

extension HTMLWriter {
    /// A cell with a text; an empty one if there is none.
    mutating func cell(_ text: String?, class: String? = nil) {
        element("td", ("class", `class`), text: text ?? "")
    }

    /// A cell with a number of bytes.
    mutating func bytesCell(_ bytes: (some BinaryInteger)?, isOver: Bool = false) {
        guard let bytes else { return element("td", ("class", "n")) }
        element("td", ("class", isOver ? "n over" : "n"), ("data-v", "\(bytes)"), text: "\(ByteCount(bytes))")
    }

    mutating func numberCell(_ number: (some BinaryInteger)?) {
        guard let number else { return element("td", ("class", "n")) }
        element("td", ("class", "n"), ("data-v", "\(number)"), text: number.grouped)
    }
}
