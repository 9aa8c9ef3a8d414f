/// One change in a watched collection.
package enum WatchEvent<Object: KubernetesObject>: Sendable {
    case added(Object)
    case modified(Object)
    case deleted(Object)
    /// All changes up to this resource version were sent; a later watch may start from it.
    case bookmark(resourceVersion: String)
    /// The server cannot continue; it closes the watch next.
    /// ``KubernetesError/init(status:httpStatus:request:retryAfter:)`` distinguishes ``KubernetesError/Code/gone`` from
    /// other errors.
    case error(Status)
    /// An event that this program cannot read; `isDeleted` says whether it reports a deletion.
    case undecodable(UndecodableObject, isDeleted: Bool)
}

/// An object from the API server that this program cannot read, as far as it could be read.
package struct UndecodableObject: Hashable, Sendable {
    /// The key of the object; `nil` if not even that can be read.
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
