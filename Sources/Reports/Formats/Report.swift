import Kubernetes
import Presentation

/// A report for people and for programs.
package protocol Report: Codable, Sendable {
    var generatedAt: Timestamp { get }
    var filter: ReportFilter { get }
    var gaps: [ReportGap] { get }
    /// The subject, in a word or two.
    var title: String { get }
    /// The main results for people, one per line.
    var summaryLines: [String] { get }
    /// The tables for people, with units.
    var sections: [ReportSection] { get }
    /// A set of this report alone, for code that shows several together.
    var set: ReportSet { get }
    /// The table for programs: exact values, one row each, and rows for the gaps.
    var records: Table { get }
}

/// A part of a ``Report`` for people.
package struct ReportSection: Sendable {
    /// The caption; nil if this is the only section.
    var caption: String?
    var table: Table
    /// The colours of first cells, by their contents.
    var colours: [String: TerminalColour] = [:]
}

extension Report {
    /// The report for people at a terminal.
    package func text(_ style: TableStyle) -> String {
        var text = heading.printable + "\n"
        for line in summaryLines { text += "  \(line.printable)\n" }
        if !gaps.isEmpty {
            text += "\nCould not be read:\n"
            for spot in gaps.prefix(Self.gapsShown) { text += "  \("\(spot)".printable)\n" }
            if let more = furtherGaps { text += "  \(more)\n" }
        }
        for section in sections {
            text += "\n" + (section.caption.map { "\($0)\n" } ?? "")
            text += section.table.aligned(style, colouring: section.colours)
        }
        return text
    }

    /// The report as one self-contained HTML file.
    package var html: String { String(decoding: ReportDocument(set).html(), as: UTF8.self) }

    /// The report as GitHub Flavored Markdown.
    package var markdown: String {
        var text = "# \(heading.markdown)\n\n"
        for line in summaryLines { text += "- \(line.markdown)\n" }
        if !gaps.isEmpty {
            text += "\n## Could not be read\n\n"
            for spot in gaps.prefix(Self.gapsShown) { text += "- \("\(spot)".markdown)\n" }
            if let more = furtherGaps { text += "- \(more)\n" }
        }
        for section in sections {
            text += "\n" + (section.caption.map { "## \($0)\n\n" } ?? "") + section.table.markdown
        }
        return text
    }

    private var heading: String {
        let wanted = "\(filter)"
        return "\(title) at \(generatedAt)" + (wanted.isEmpty ? "" : " (\(wanted))")
    }

    /// The number of gaps that are listed; a broken record is a row as well.
    private static var gapsShown: Int { 20 }

    private var furtherGaps: String? {
        gaps.count > Self.gapsShown ? "and \(gaps.count - Self.gapsShown) more" : nil
    }
}

extension ReportGap: CustomStringConvertible {
    /// One sentence, which begins with the export unless it names it elsewhere.
    package var description: String {
        guard let export, !reason.contains(export) else { return reason }
        return "\(export): \(reason)"
    }
}

/// Something that a report could not read. Gaps are listed, so that nothing unread passes for healthy.
package struct ReportGap: Codable, Sendable, Hashable {
    /// `server:/path`; nil for the cluster.
    package var export: String?
    /// The record's name, if only a record could not be read.
    package var record: String?
    /// One sentence: what was tried, and why it failed.
    package var reason: String

    package init(export: String? = nil, record: String? = nil, reason: String) {
        self.export = export
        self.record = record
        self.reason = reason
    }
}

/// One reading of the cluster and the shares, from which any number of reports can be made.
package struct ReportReading: Sendable {
    /// Makes reports on what a filter selects; with `isOwnOnly`, without anything of another cluster.
    package let reports: @Sendable (ReportFilter, _ isOwnOnly: Bool) -> ReportSet

    package init(reports: @escaping @Sendable (ReportFilter, _ isOwnOnly: Bool) -> ReportSet) {
        self.reports = reports
    }
}
