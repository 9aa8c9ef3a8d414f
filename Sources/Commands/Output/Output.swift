import Foundation
import Presentation
import Yams

/// The contents that a command prints, in each format that it offers.
protocol Printable: SendableMetatype {
    associatedtype Document: Encodable = Self

    /// The formats on offer, the default first.
    static var formats: [OutputFormat] { get }
    /// The document that programs read as JSON or YAML.
    var document: Document { get }
    /// The rows of CSV and Markdown, and of the text unless that is something else.
    var table: Table { get }
    /// The text that people read.
    func text(_ style: TableStyle) -> String
    var yaml: String { get throws }
    var csv: String { get }
    var markdown: String { get }
    var html: String { get }
}

extension Printable {
    var table: Table { Table(header: []) }

    func text(_ style: TableStyle) -> String { table.aligned(style) }

    var yaml: String { get throws { try String(yaml: document) } }

    var csv: String { table.csv }

    var markdown: String { table.markdown }

    /// Empty, because only contents with their own page offer HTML.
    var html: String { "" }
}

extension Printable where Document == Self {
    var document: Self { self }
}

/// A list of things of one kind.
protocol PrintableList: Printable {
    /// The text of an empty list, for people.
    static var nothing: String { get }
}

extension PrintableList {
    static var formats: [OutputFormat] { [.table, .wide, .json, .yaml, .csv] }

    func text(_ style: TableStyle) -> String {
        table.rows.isEmpty ? Self.nothing + "\n" : table.aligned(style)
    }
}

/// The one place that renders what commands print.
enum Output {
    /// Renders the contents in a format that they offer.
    ///
    /// - Parameters:
    ///   - contents: What to print.
    ///   - format: One of the contents' formats.
    ///   - style: The layout for people.
    /// - Returns: The text, with a newline at its end.
    /// - Throws: An encoding error.
    static func render(
        _ contents: some Printable,
        as format: OutputFormat,
        _ style: TableStyle = TableStyle()
    ) throws -> String {
        switch format {
        case .table: contents.text(style)
        case .wide: contents.text(TableStyle(isWide: true, isColoured: style.isColoured))
        case .json: try String(json: contents.document) + "\n"
        case .yaml: try contents.yaml
        case .csv: contents.csv
        case .markdown: contents.markdown
        case .html: contents.html
        }
    }
}

extension String {
    /// Encodes a value as YAML that reads like the value's JSON, keys sorted.
    init(yaml value: some Encodable) throws {
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        encoder.options.width = -1
        self = try encoder.encode(value)
    }
}

/// The reason why the output could not be written to its file.
struct OutputFileError: Error, CustomStringConvertible {
    let description: String
}
