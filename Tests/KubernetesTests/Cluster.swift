import Foundation
import Kubernetes
import Logging
import TestBed

/// The real API server of the test bed.
enum Cluster {
    /// A client for a kubeconfig; the administrator's if none is given.
    static func client(
        kubeconfig: String? = nil,
        limits: ClientLimits = ClientLimits(),
        changing change: (inout ClusterConfiguration) -> Void = { _ in }
    ) throws -> KubernetesClient {
        let path = try kubeconfig ?? TestBed.current().kubeconfig
        var configuration = try ClusterConfiguration.load(kubeconfig: path, environment: [:])
        change(&configuration)
        return KubernetesClient(configuration: configuration, limits: limits, logger: Logger(label: "test"))
    }

    /// Runs `body` in a namespace of its own.
    static func withNamespace(_ client: KubernetesClient, _ body: (String) async throws -> Void) async throws {
        let namespaces = client.api(Namespace.self)
        let created = try await namespaces.create(Namespace(metadata: ObjectMeta(generateName: "kubernetes-tests-")))
        var failure: (any Error)?
        do {
            try await body(created.key.name)
        } catch {
            failure = error
        }
        try await namespaces.delete(created.key)
        if let failure { throw failure }
    }

    /// Makes `count` config maps `item-0…`, sixteen at a time.
    static func fill(_ namespace: String, count: Int, through client: KubernetesClient) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<16 {
                group.addTask {
                    let maps = client.api(ConfigMap.self)
                    for index in stride(from: worker, to: count, by: 16) {
                        _ = try await maps.create(ConfigMap("item-\(index)", in: namespace))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The code of the error `body` throws, or `nil`.
    static func code(_ body: () async throws -> Void) async -> KubernetesError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? KubernetesError)?.code
        }
    }
}
