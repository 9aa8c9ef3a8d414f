import Foundation
import Kubernetes
import TestBed
import Testing

extension Cluster {
    /// Makes a client of the administrator whose connections can be cut.
    static func cuttableClient() async throws -> (KubernetesClient, CuttableProxy) {
        let server = try #require(URLComponents(string: TestBed.current().apiServer))
        let (host, port) = try (#require(server.host), #require(server.port))
        let proxy = try await CuttableProxy(to: host, port: port)
        return (try client { $0.server = "https://\(host):\(proxy.port)" }, proxy)
    }

    /// Runs `body` with a client of the administrator, in a namespace of its own.
    static func withNamespace(_ body: (KubernetesClient, String) async throws -> Void) async throws {
        let client = try client()
        try await withNamespace(client) { try await body(client, $0) }
    }
}
