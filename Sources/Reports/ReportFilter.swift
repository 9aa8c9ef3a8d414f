import Kubernetes

/// Selects what a report covers. An empty list, or nil, leaves nothing out.
package struct ReportFilter: Codable, Sendable, Hashable {
    /// Only what happened since then; for volumes and archives, those to which something has happened since.
    package var since: Timestamp?
    /// Only what happened until then; for volumes and archives, those to which nothing has happened since.
    package var until: Timestamp?
    package var namespaces: [String]
    package var classes: [String]
    /// The states of volumes and archives, or the actions of audit lines.
    package var states: [String]
    /// Only problems: volumes and archives that are not ok, rows that use more than requested, and missing directories.
    package var failuresOnly: Bool

    package init(
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        namespaces: [String] = [],
        classes: [String] = [],
        states: [String] = [],
        failuresOnly: Bool = false
    ) {
        self.since = since
        self.until = until
        self.namespaces = namespaces
        self.classes = classes
        self.states = states
        self.failuresOnly = failuresOnly
    }
}

extension ReportFilter {
    /// Whether a state or an action is among those wanted, regardless of case.
    func hasState(_ state: String) -> Bool {
        states.contains { $0.lowercased() == state.lowercased() }
    }
}

extension ReportFilter: CustomStringConvertible {
    /// What the filter selects, for people; empty if that is everything.
    package var description: String {
        let lists = [("namespace", namespaces), ("class", classes), ("state", states)].compactMap { name, values in
            values.isEmpty ? nil : "\(name) \(values.joined(separator: ", "))"
        }
        let times = [since.map { "since \($0)" }, until.map { "until \($0)" }].compactMap { $0 }
        return (lists + times + (failuresOnly ? ["failures only"] : [])).joined(separator: "; ")
    }
}
