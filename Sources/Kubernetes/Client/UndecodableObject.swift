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
