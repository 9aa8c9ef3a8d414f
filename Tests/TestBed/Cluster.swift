import Kubernetes
import Logging

/// The real API server of the test bed.
package enum Cluster {
    package static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Makes a client for a kubeconfig; the administrator's if none is given.
    package static func client(
        kubeconfig: String? = nil,
        limits: ClientLimits = ClientLimits(),
        changing change: (inout ClusterConfiguration) throws -> Void = { _ in }
    ) throws -> KubernetesClient {
        let path = try kubeconfig ?? TestBed.current().kubeconfig
        var configuration = try ClusterConfiguration.load(kubeconfig: path, environment: [:])
        try change(&configuration)
        return KubernetesClient(configuration: configuration, limits: limits, logger: silent)
    }

    /// Runs `body` in a namespace of its own.
    package static func withNamespace(_ client: KubernetesClient, _ body: (String) async throws -> Void) async throws {
        let namespaces = client.api(Namespace.self)
        let created = try await namespaces.create(Namespace(metadata: ObjectMeta(generateName: "tests-")))
        do {
            try await body(created.key.name)
        } catch {
            try? await namespaces.delete(created.key)
            throw error
        }
        try await namespaces.delete(created.key)
    }
}
