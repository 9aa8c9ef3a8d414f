/// The namespace and name of an object.
package struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    /// `nil` for an object that lives in no namespace.
    package var namespace: String?
    package var name: String

    package init(namespace: String? = nil, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// `namespace/name`, or `name` alone.
    package var description: String {
        namespace.map { "\($0)/\(name)" } ?? name
    }
}
