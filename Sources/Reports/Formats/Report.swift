import Kubernetes

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
