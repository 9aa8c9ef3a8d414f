import Kubernetes

/// Which part of what there is a report is about. An empty list, or nil, leaves nothing out.
package struct ReportFilter: Codable, Sendable, Hashable {
    /// Nothing that happened, or ended, before then.
    package var since: Timestamp?
    /// Nothing that happened after then.
    package var until: Timestamp?
    package var namespaces: [String]
    package var classes: [String]
    package var states: [String]
    /// What is neither well nor of no account.
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
