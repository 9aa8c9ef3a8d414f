import Foundation
import Kubernetes
import Provisioning

extension ClusterReading {
    /// Reads the cluster that is configured where the program runs.
    init(kubeconfig: String?) async {
        do {
            let configuration = try ClusterConfiguration.loadIfPresent(
                kubeconfig: kubeconfig,
                environment: ProcessInfo.processInfo.environment
            )
            guard let configuration else {
                self = .notAsked
                return
            }
            self = .read(try await KubernetesClient.inCommand(configuration) { try await ClusterSnapshot(of: $0) })
        } catch {
            self = .failed(reason: "\(error)")
        }
    }
}

extension SharesInUse {
    /// The cluster's current volumes; none if the cluster was not read before.
    func currentVolumes() async throws -> [PersistentVolume] {
        guard cluster.snapshot != nil else { return [] }
        return try await KubernetesClient.inCommand(clusterConfiguration()) { try await $0.api().all() }
    }

    /// Reads again what the cluster protects from being purged; nothing if no cluster is asked.
    ///
    /// - Throws: ``ConfigurationError`` if the cluster does not answer, because any archive could be in use.
    func archiveProtection() async throws -> ArchiveProtection {
        let reason: String
        switch cluster {
        case .notAsked:
            return .none
        case .failed(let cause):
            reason = cause
        case .read:
            do {
                return try await KubernetesClient.inCommand(clusterConfiguration()) { client in
                    ArchiveProtection(
                        claims: try await client.api().all(),
                        volumes: try await client.api().all(),
                        classes: try await client.api().all(),
                        settings: settings
                    )
                }
            } catch {
                reason = "\(error)"
            }
        }
        throw ConfigurationError(
            "purge archives: the claims, volumes and classes of the cluster cannot be read: \(reason);"
                + " restore access to the cluster, or use --offline to purge without asking it"
        )
    }
}
