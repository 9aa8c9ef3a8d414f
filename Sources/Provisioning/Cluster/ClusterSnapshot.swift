import Kubernetes

/// Snapshot of the cluster's objects that determine where volumes lie.
package struct ClusterSnapshot: Sendable {
    /// The uid of the namespace `kube-system`; nil if it cannot be read.
    package let id: String?
    package let volumes: [PersistentVolume]
    package let classes: [StorageClass]

    package init(id: String?, volumes: [PersistentVolume], classes: [StorageClass]) {
        self.id = id
        self.volumes = volumes
        self.classes = classes
    }

    /// Reads the objects from the API server.
    ///
    /// - Parameter client: The cluster's client.
    /// - Throws: `KubernetesError` if volumes or classes cannot be read.
    package init(of client: KubernetesClient) async throws(KubernetesError) {
        id = try? await client.api(Namespace.self).get(ObjectKey(name: "kube-system")).metadata.uid
        volumes = try await client.api().all()
        classes = try await client.api().all()
    }
}
