import Kubernetes

/// Which part of what there is a report is about. An empty list, or nil, leaves nothing out.
package struct ReportFilter: Codable, Sendable, Hashable {
    /// Only what happened since then; of volumes and archives those to which something did.
    package var since: Timestamp?
    /// Only what happened until then; of volumes and archives those to which nothing has since.
    package var until: Timestamp?
    package var namespaces: [String]
    package var classes: [String]
    /// Of volumes and archives; of audit lines the actions.
    package var states: [String]
    /// Only volumes and archives that are not well, rows that use more than was requested, and directories that were missing.
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
    /// Whether a state, or a action, is among those wanted, whatever its case.
    func hasState(_ state: String) -> Bool {
        states.contains { $0.lowercased() == state.lowercased() }
    }
}

extension ReportFilter: CustomStringConvertible {
    /// What it lets through, for people; empty: everything.
    package var description: String {
        let lists = [("namespace", namespaces), ("class", classes), ("state", states)].compactMap { name, values in
            values.isEmpty ? nil : "\(name) \(values.joined(separator: ", "))"
        }
        let times = [since.map { "since \($0)" }, until.map { "until \($0)" }].compactMap { $0 }
        return (lists + times + (failuresOnly ? ["failures only"] : [])).joined(separator: "; ")
    }
}
