import Kubernetes
import Presentation

/// A report that can be written in every ``ReportFormat``.
package protocol Report: Codable, Sendable {
    var generatedAt: Timestamp { get }
    var filter: ReportFilter { get }
    var blindSpots: [BlindSpot] { get }
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
    /// Writes the report.
    ///
    /// - Parameters:
    ///   - format: How.
    ///   - isColoured: Whether a terminal reads the table.
    /// - Returns: Its text, with a newline at the end.
    /// - Throws: `EncodingError`, which no value of a report brings about.
    package func text(as format: ReportFormat, isColoured: Bool = false) throws -> String {
        switch format {
        case .table: terminalText(isColoured: isColoured)
        case .json: try String(json: self) + "\n"
        case .csv: records.csv
        case .markdown: markdown
        case .html: String(decoding: ReportDocument(set).html(), as: UTF8.self)
        }
    }

    private func terminalText(isColoured: Bool) -> String {
        var text = heading.printable + "\n"
        for line in summaryLines { text += "  \(line.printable)\n" }
        if !blindSpots.isEmpty {
            text += "\nNot seen:\n"
            for spot in blindSpots.prefix(Self.blindSpotsShown) { text += "  \("\(spot)".printable)\n" }
            if let more = furtherBlindSpots { text += "  \(more)\n" }
        }
        for section in sections {
            text += "\n" + (section.caption.map { "\($0)\n" } ?? "")
            text += section.table.aligned(colouring: isColoured ? section.colours : [:])
        }
        return text
    }

    private var markdown: String {
        var text = "# \(heading.markdown)\n\n"
        for line in summaryLines { text += "- \(line.markdown)\n" }
        if !blindSpots.isEmpty {
            text += "\n## Not seen\n\n"
            for spot in blindSpots.prefix(Self.blindSpotsShown) { text += "- \("\(spot)".markdown)\n" }
            if let more = furtherBlindSpots { text += "- \(more)\n" }
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
    private static var blindSpotsShown: Int { 20 }

    private var furtherBlindSpots: String? {
        blindSpots.count > Self.blindSpotsShown ? "and \(blindSpots.count - Self.blindSpotsShown) more" : nil
    }
}

extension BlindSpot: CustomStringConvertible {
    /// One sentence; the export goes first where the sentence does not name it.
    package var description: String {
        guard let export, !reason.contains(export) else { return reason }
        return "\(export): \(reason)"
    }
}

/// Something that a report could not see, so that nothing counts as well for want of a look.
package struct BlindSpot: Codable, Sendable, Hashable {
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

/// How a report is written.
package enum ReportFormat: String, CaseIterable, Sendable {
    case table, json, csv, markdown
    /// One file that needs no other.
    case html
}

/// What was read once of the cluster and the shares, to make reports of as often as they are asked for.
package struct ReportReading: Sendable {
    /// Reports on a part of it: what a filter lets through, and if so asked nothing of another cluster's.
    package let reports: @Sendable (ReportFilter, _ isOwnOnly: Bool) -> ReportSet

    package init(reports: @escaping @Sendable (ReportFilter, _ isOwnOnly: Bool) -> ReportSet) {
        self.reports = reports
    }
}
