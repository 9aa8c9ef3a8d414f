/// An object the API server stores. Models are partial: a field this program does not use is not modelled,
/// so an object that was read is never sent back whole; change it with a ``Patch``.
package protocol KubernetesObject: Codable, Hashable, Sendable {
    /// The resource under which objects of this type are served.
    static var resource: Resource { get }

    var apiVersion: String? { get set }
    var kind: String? { get set }
    var metadata: ObjectMeta { get set }

    /// Replaces what this object has in common with others, besides common metadata, by the pool's copies.
    mutating func shareContents(in pool: inout ObjectPool)
}

extension KubernetesObject {
    /// Namespace and name, which identify this object among all of its type that exist at the same time.
    package var key: ObjectKey {
        ObjectKey(namespace: metadata.namespace, name: metadata.name ?? "")
    }

    /// A reference to this object as it was read, for events and `claimRef`.
    package var reference: ObjectReference {
        ObjectReference(
            apiVersion: Self.resource.apiVersion,
            kind: Self.resource.kind,
            namespace: metadata.namespace,
            name: metadata.name,
            uid: metadata.uid,
            resourceVersion: metadata.resourceVersion
        )
    }
}

/// The namespace and name of an object.
package struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    /// `nil` for a cluster-scoped object.
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

/// A reference to an object, as in an event's `involvedObject` or a volume's `claimRef`.
package struct ObjectReference: Codable, Hashable, Sendable {
    package var apiVersion: String?
    package var kind: String?
    package var namespace: String?
    package var name: String?
    package var uid: String?
    package var resourceVersion: String?

    package init(
        apiVersion: String? = nil,
        kind: String? = nil,
        namespace: String? = nil,
        name: String? = nil,
        uid: String? = nil,
        resourceVersion: String? = nil
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.uid = uid
        self.resourceVersion = resourceVersion
    }
}
