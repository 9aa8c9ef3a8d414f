/// A kind of API object and where the API server serves it.
package struct Resource: Hashable, Sendable {
    /// The API group; empty for the core group.
    package var group: String
    /// The version within the group, such as `v1`.
    package var version: String
    /// The lower-case plural used in URLs, such as `persistentvolumes`.
    package var plural: String
    /// The kind as written in an object, such as `PersistentVolume`.
    package var kind: String
    /// Whether objects of this kind live in a namespace.
    package var namespaced: Bool

    package init(group: String = "", version: String = "v1", plural: String, kind: String, namespaced: Bool) {
        self.group = group
        self.version = version
        self.plural = plural
        self.kind = kind
        self.namespaced = namespaced
    }

    /// Group and version as written in an object's `apiVersion`.
    package var apiVersion: String {
        group.isEmpty ? version : "\(group)/\(version)"
    }
}
