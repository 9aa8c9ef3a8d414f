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

/// An object the API server sent that this program cannot read: as much of it as can be told.
package struct UndecodableObject: Hashable, Sendable {
    /// Which object; `nil` where not even that can be read.
    package var key: ObjectKey?
    package var resourceVersion: String?
    /// One sentence on what is wrong with it.
    package var reason: String

    package init(key: ObjectKey? = nil, resourceVersion: String? = nil, reason: String) {
        self.key = key
        self.resourceVersion = resourceVersion
        self.reason = reason
    }
}
