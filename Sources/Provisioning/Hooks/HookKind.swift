/// The kinds of action a hook can be, named as in the configuration.
package enum HookKind: String, Codable, CaseIterable, Hashable, Sendable {
    /// A Kubernetes Job.
    case job
    /// A request to a server.
    case http
    /// A program in the controller's container.
    case exec
    /// A file made of the tree by the controller itself.
    case copy
}
