import Kubernetes
import Presentation

/// A report for people and for programs.
package protocol Report: Codable, Sendable {
    var generatedAt: Timestamp { get }
    var filter: ReportFilter { get }
    var gaps: [ReportGap] { get }
    /// What it is about, in a word or two.
    var title: String { get }
    /// What it comes to, a line each, for people.
    var summaryLines: [String] { get }
    /// What people read, numbers with their units.
    var sections: [ReportSection] { get }
    /// This report alone, for what shows several together.
    var set: ReportSet { get }
    /// What programs read: the exact values, a row each, and what could not be seen as rows too.
    var records: Table { get }
}

/// A part of a ``Report`` for people.
package struct ReportSection: Sendable {
    /// nil: it is the only one.
    var caption: String?
    var table: Table
    /// Of first cells, by what is in them.
    var colours: [String: TerminalColour] = [:]
}

extension Report {
    /// The report for people at a terminal.
    package func text(_ style: TableStyle) -> String {
        var text = heading.printable + "\n"
        for line in summaryLines { text += "  \(line.printable)\n" }
        if !gaps.isEmpty {
            text += "\nNot seen:\n"
            for spot in gaps.prefix(Self.gapsShown) { text += "  \("\(spot)".printable)\n" }
            if let more = furtherGaps { text += "  \(more)\n" }
        }
        for section in sections {
            text += "\n" + (section.caption.map { "\($0)\n" } ?? "")
            text += section.table.aligned(style, colouring: section.colours)
        }
        return text
    }

    /// The report as one HTML file that needs no other.
    package var html: String { String(decoding: ReportDocument(set).html(), as: UTF8.self) }

    /// The report as GitHub Flavored Markdown.
    package var markdown: String {
        var text = "# \(heading.markdown)\n\n"
        for line in summaryLines { text += "- \(line.markdown)\n" }
        if !gaps.isEmpty {
            text += "\n## Not seen\n\n"
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

    /// The first tell enough: a broken record is a row as well.
    private static var gapsShown: Int { 20 }

    private var furtherGaps: String? {
        gaps.count > Self.gapsShown ? "and \(gaps.count - Self.gapsShown) more" : nil
    }
}

extension ReportGap: CustomStringConvertible {
    /// One sentence; the export goes first where the sentence does not name it.
    package var description: String {
        guard let export, !reason.contains(export) else { return reason }
        return "\(export): \(reason)"
    }
}

/// Something that a report could not see, so that nothing counts as well for want of a look.
package struct ReportGap: Codable, Sendable, Hashable {
    /// `server:/path`; nil: the cluster.
    package var export: String?
    /// A record's name, if it is no more than that.
    package var record: String?
    /// One sentence: what was tried, and why it failed.
    package var reason: String

    package init(export: String? = nil, record: String? = nil, reason: String) {
        self.export = export
        self.record = record
        self.reason = reason
    }
}

/// What was read once of the cluster and the shares, to make reports of as often as they are asked for.
package struct ReportReading: Sendable {
    /// Reports on a part of it: what a filter lets through, and if so asked nothing of another cluster's.
    package let reports: @Sendable (ReportFilter, _ isOwnOnly: Bool) -> ReportSet

    package init(reports: @escaping @Sendable (ReportFilter, _ isOwnOnly: Bool) -> ReportSet) {
        self.reports = reports
    }
}
