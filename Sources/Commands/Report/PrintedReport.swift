import Presentation
import Reports

/// A report as a command prints it.
struct PrintedReport: Printable, Encodable {
    static let formats: [OutputFormat] = [.table, .wide, .json, .yaml, .csv, .markdown, .html]

    let report: any Report

    func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }

    func text(_ style: TableStyle) -> String { report.text(style) }

    var csv: String { report.records.csv }

    var markdown: String { report.markdown }

    var html: String { report.html }
}
