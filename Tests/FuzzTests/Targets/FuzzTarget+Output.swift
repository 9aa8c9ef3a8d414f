import Foundation
import Kubernetes
import Logging
import Presentation

@testable import Commands
@testable import Provisioning
@testable import Reports

/// Texts that somebody made up, as names on a share can be; U+001E stands between them.
extension FuzzTarget {
    private static func table(_ text: String) -> Table {
        let cells = text.unicodeScalars.split(separator: "\u{1E}", omittingEmptySubsequences: false).map { String($0) }
        let rows = stride(from: 0, to: cells.count, by: 3).map { start in
            (start..<start + 3).map { $0 < cells.count ? cells[$0] : "" }
        }
        return Table(header: ["A", "B", "C"], rows: rows)
    }

    /// Its fields are those that were written, but for the apostrophe that keeps a spreadsheet from calculating.
    static let csv = text("csv") { text in
        let table = Self.table(text)
        let read = try CSVReader.rows(of: Array(table.csv.utf8))
        try hold(read.count == table.rows.count + 1, "\(read.count - 1) rows instead of \(table.rows.count)")
        for (row, written) in zip(read.dropFirst(), table.rows) {
            let fields = row.map { String(decoding: $0, as: UTF8.self) }
            try hold(fields.count == written.count, "a row has \(fields.count) fields")
            for (field, text) in zip(fields, written) {
                let isSame = field.utf8.elementsEqual(text.utf8) || field.utf8.elementsEqual("'\(text)".utf8)
                try hold(isSame, "\(text.debugDescription) is read as \(field.debugDescription)")
                let isFormula = field.utf8.first.map { "=+-@\t\r\n".utf8.contains($0) } ?? false
                try hold(!isFormula || Int64(field) != nil, "\(field.debugDescription) is a formula")
            }
        }
        return true
    }

    /// A table for a terminal and for Markdown has a line a row, and obeys nobody.
    static let markdown = text("markdown") { text in
        let table = Self.table(text)
        for (text, count) in [(table.aligned(), table.rows.count + 1), (table.markdown, table.rows.count + 2)] {
            let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            try hold(lines.count == count + 1, "\(lines.count - 1) lines instead of \(count)")
            try hold(!text.unicodeScalars.contains { $0 != "\n" && $0.isUnseen }, "something in it is not seen")
        }
        for line in table.markdown.utf8.split(separator: 0x0A) {
            let bars = zip([0] + line, line).count { $0 != UInt8(ascii: "\\") && $1 == UInt8(ascii: "|") }
            try hold(bars == 4, "a row has \(bars - 1) cells")
            try hold(!line.contains(UInt8(ascii: "<")), "it has HTML in it")
        }
        return true
    }

    /// A text is read as it was, in an element and an attribute, and adds no element to a page.
    static let html = text("html", cases: 1200) { text in
        var writer = HTMLWriter()
        writer.element("p", ("title", text), text: text)
        let shown = text.unicodeScalars.map { scalar in
            scalar.isUnseen && !["\n", "\t"].contains(scalar)
                ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }.joined()
        let escaped = "&amp; &lt; &gt; &quot; &#39;".split(separator: " ")
        let html = zip(escaped, "&<>\"'".unicodeScalars).reduce(shown) { text, pair in
            text.unicodeScalars.split(separator: pair.1, omittingEmptySubsequences: false).map { String($0) }
                .joined(separator: String(pair.0))
        }
        let expected = text.isEmpty ? "<p title></p>" : "<p title=\"\(html)\">\(html)</p>"
        try hold(
            writer.bytes.elementsEqual(expected.utf8),
            "it is written as \(String(decoding: writer.bytes, as: UTF8.self))"
        )
        try hold(elements(of: page("x" + text)) == elements(of: page("x")), "it adds an element to the page")
        return true
    }

    private static func page(_ text: String) -> [UInt8] {
        let time = Timestamp(seconds: 1_780_000_000)
        let moment = MicroTime(time)
        let entry = AuditEntry(
            moment: moment,
            action: .archived,
            volume: text,
            path: text,
            to: text,
            reason: text,
            by: text
        )
        let spots = [ReportGap(export: text, record: text, reason: text)]
        let lines = [AuditReport.Line(export: text, entry: entry)]
        let report = AuditReport(generatedAt: time, filter: ReportFilter(), lines: lines, gaps: spots)
        return ReportDocument(report.set, viewer: ReportDocument.Viewer(name: text, namespaces: [text], note: text))
            .html()
    }

    private static func elements(of html: [UInt8]) -> Int { html.count { $0 == UInt8(ascii: "<") } }

    /// A line of the log is one line, and as JSON says what was said.
    static let log = text("log") { text in
        let line = LogLine(
            time: MicroTime(microseconds: 1_780_000_000_000_000),
            level: .info,
            subsystem: "nfs",
            message: text,
            metadata: ["claim": "\(text)", "list": [.string(text)], "map": [text: .string(text)]]
        )
        for format in [LogFormat.text, .json] {
            let written = line.text(format)
            let isLine = written.unicodeScalars.filter(\.isUnseen).elementsEqual("\n".unicodeScalars)
            try hold(isLine, "something in it is not seen: \(written)")
        }
        struct Line: Decodable {
            let message: String
            let list: [String]
        }
        let read = try JSONDecoder().decode(Line.self, from: Data(line.text(.json).utf8))
        let isSame =
            read.message.utf8.elementsEqual(text.utf8) && read.list.first?.utf8.elementsEqual(text.utf8) == true
        try hold(isSame, "it is read as \(read.message.debugDescription)")
        return true
    }
}
