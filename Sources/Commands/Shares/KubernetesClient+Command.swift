import Kubernetes
import Logging

extension KubernetesClient {
    /// Runs `body` with a client that is shut down afterwards. It gives up early, because an admin waits at a terminal.
    static func inCommand<Value>(
        _ configuration: ClusterConfiguration,
        _ body: (KubernetesClient) async throws -> Value
    ) async throws -> Value {
        let client = KubernetesClient.forCommand(configuration)
        let result: Result<Value, any Error>
        do { result = .success(try await body(client)) } catch { result = .failure(error) }
        try await client.shutdown()
        return try result.get()
    }

    /// Creates a client that reports failures only as errors; the caller shuts it down.
    static func forCommand(_ configuration: ClusterConfiguration) -> KubernetesClient {
        var limits = ClientLimits()
        limits.connectTimeout = .seconds(5)
        limits.attempts = 2
        return KubernetesClient(
            configuration: configuration,
            limits: limits,
            logger: Logger(label: "sb-nfs-provisioner") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}
