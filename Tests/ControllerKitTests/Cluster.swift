import Foundation
import Kubernetes
import Logging
import TestBed
import Testing

/// The real API server of the test bed.
enum Cluster {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A client of the administrator.
    static func client() throws -> KubernetesClient {
        KubernetesClient(configuration: try configuration(), logger: silent)
    }

    /// A client of the administrator whose connections can be cut.
    static func cuttableClient() async throws -> (KubernetesClient, CuttableProxy) {
        var configuration = try configuration()
        let address = try #require(URLComponents(string: configuration.server))
        let (host, port) = try (#require(address.host), #require(address.port))
        let proxy = try await CuttableProxy.start(to: host, port: port)
        configuration.server = "https://\(host):\(proxy.port)"
        return (KubernetesClient(configuration: configuration, logger: silent), proxy)
    }

    /// Runs `body` in a namespace of its own.
    static func withNamespace(_ body: (KubernetesClient, String) async throws -> Void) async throws {
        let client = try client()
        let namespaces = client.api(Namespace.self)
        let metadata = ObjectMeta(generateName: "controller-kit-tests-")
        let created = try await namespaces.create(Namespace(metadata: metadata))
        do {
            try await body(client, created.key.name)
        } catch {
            try? await namespaces.delete(created.key)
            throw error
        }
        try await namespaces.delete(created.key)
    }

    private static func configuration() throws -> ClusterConfiguration {
        try ClusterConfiguration.load(kubeconfig: TestBed.current().kubeconfig, environment: [:])
    }
}
