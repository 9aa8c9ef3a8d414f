import Kubernetes

/// What a cluster held, when it was asked, that says where volumes lie.
package struct ClusterSnapshot: Sendable {
    /// The uid of the namespace `kube-system`; nil where it may not be read.
    package let id: String?
    package let volumes: [PersistentVolume]
    package let classes: [StorageClass]

    package init(id: String?, volumes: [PersistentVolume], classes: [StorageClass]) {
        self.id = id
        self.volumes = volumes
        self.classes = classes
    }

    /// Asks the API server.
    ///
    /// - Parameter client: Of the cluster.
    /// - Throws: `KubernetesError` if volumes or classes cannot be read.
    package init(of client: KubernetesClient) async throws(KubernetesError) {
        id = try? await client.api(Namespace.self).get(ObjectKey(name: "kube-system")).metadata.uid
        volumes = try await client.api().all()
        classes = try await client.api().all()
    }
}
