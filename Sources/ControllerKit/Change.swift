import Kubernetes

/// What happened to one object of a ``Store``.
package enum Change<Object: KubernetesObject>: Sendable {
    /// The object is new (`old` is nil) or has changed.
    case applied(old: Object?, new: Object)
    /// The object is gone; the value is the last state known of it.
    case deleted(Object)
    /// Nothing happened; the object is shown again so that what was missed is made up for.
    case resynced(Object)

    /// The object in its latest state known.
    package var object: Object {
        switch self {
        case .applied(_, let object), .deleted(let object), .resynced(let object): object
        }
    }
}
