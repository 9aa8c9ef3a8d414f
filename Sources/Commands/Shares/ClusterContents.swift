import Kubernetes
import Provisioning

/// What the cluster holds that says where volumes lie.
struct ClusterContents {
    /// The uid of the namespace `kube-system`; nil where it may not be read.
    let id: String?
    let classes: [StorageClass]
    let volumes: [PersistentVolume]
    private let configuration: ClusterConfiguration

    static func read(from configuration: ClusterConfiguration) async throws -> ClusterContents {
        try await KubernetesClient.inCommand(configuration) { client in
            ClusterContents(
                id: try? await client.api(Namespace.self).get(ObjectKey(name: "kube-system")).metadata.uid,
                classes: try await all(of: client.api()),
                volumes: try await all(of: client.api()),
                configuration: configuration
            )
        }
    }

    /// The volumes as they are now.
    func currentVolumes() async throws -> [PersistentVolume] {
        try await KubernetesClient.inCommand(configuration) { client in try await Self.all(of: client.api()) }
    }

    /// What the cluster protects now, asked anew.
    func archiveProtection(under settings: ProvisionerSettings) async throws -> ArchiveProtection {
        try await KubernetesClient.inCommand(configuration) { client in
            ArchiveProtection(
                claims: try await Self.all(of: client.api()),
                volumes: try await Self.all(of: client.api()),
                classes: try await Self.all(of: client.api()),
                settings: settings
            )
        }
    }

    static func all<Object>(of api: API<Object>) async throws -> [Object] {
        var objects: [Object] = []
        var token: String?
        repeat {
            let page = try await api.page(continueToken: token)
            if let unreadable = page.undecodable.first {
                throw KubernetesError(code: .decoding, reason: unreadable.reason)
            }
            objects += page.items
            token = page.continueToken
        } while token != nil
        return objects
    }
}
