/// One change in a watched collection.
package enum WatchEvent<Object: KubernetesObject>: Sendable {
    case added(Object)
    case modified(Object)
    case deleted(Object)
    /// Nothing changed up to this resource version; a later watch may start from it.
    case bookmark(resourceVersion: String)
    /// The server cannot go on; it closes the watch next. ``KubernetesError/init(status:httpStatus:request:retryAfter:)``
    /// tells ``KubernetesError/Code/gone`` from the rest.
    case error(Status)
    /// Something this program cannot read; whether it tells of an object's deletion.
    case undecodable(UndecodableObject, isDeleted: Bool)
}
