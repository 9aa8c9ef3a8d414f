/// An object the API server stores. Models are partial: a field this program does not use is not modelled,
/// so an object that was read is never sent back whole; change it with a ``Patch``.
package protocol KubernetesObject: Codable, Hashable, Sendable {
    /// Where objects of this type are served.
    static var resource: Resource { get }

    var apiVersion: String? { get set }
    var kind: String? { get set }
    var metadata: ObjectMeta { get set }

    /// Takes from the pool what this object has in common with others besides what metadata often have.
    mutating func shareContents(in pool: inout ObjectPool)
}

extension KubernetesObject {
    /// Namespace and name, which tell this object from every other of its type that exists at the same time.
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
