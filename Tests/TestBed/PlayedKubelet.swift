import Foundation
import Kubernetes
import NIOSSL
import Testing

/// Plays the kubelet that the test bed has not: it reports how pods end, and serves their logs. Everything between it and
/// the Job is the real control plane.
package struct PlayedKubelet: Sendable {
    package let node: String
    private let client: KubernetesClient
    private let logs: ScriptedServer

    /// Registers a node for pods to be bound to, whose logs are `log`.
    package static func withNode(
        _ client: KubernetesClient,
        log: String,
        _ body: (PlayedKubelet) async throws -> Void
    ) async throws {
        let pki = try TestBed.current().folder + "/pki"
        let tls = try TLSConfiguration.makeServerConfiguration(
            certificateChain: NIOSSLCertificate.fromPEMFile(pki + "/server.crt").map { .certificate($0) },
            privateKey: .privateKey(NIOSSLPrivateKey(file: pki + "/server.key", format: .pem))
        )
        let logs = try await ScriptedServer.start(Array(repeating: .stream([log]), count: 8), tls: tls)
        let port = try #require(logs.address.split(separator: ":").last.flatMap { Int64($0) })
        let node = "tests-\(UUID().uuidString.lowercased())"
        let status: JSONValue = [
            "addresses": [["type": "InternalIP", "address": "127.0.0.1"]],
            "daemonEndpoints": ["kubeletEndpoint": ["Port": .integer(port)]],
        ]
        let nodes = client.api(Node.self)
        _ = try await nodes.create(Node(metadata: ObjectMeta(name: node), status: status))
        do {
            try await body(PlayedKubelet(node: node, client: client, logs: logs))
        } catch {
            try? await nodes.delete(ObjectKey(name: node))
            throw error
        }
        try await nodes.delete(ObjectKey(name: node))
    }

    /// What the API server asked for.
    package var requests: [String] { logs.received.map(\.uri) }

    /// Waits for the pod of a Job, and ends its container.
    package func endPod(of job: String, in namespace: String, exitCode: Int64) async throws {
        let pods = client.api(Pod.self)
        var pod: Pod?
        try await eventually("the Job \(job) has a pod") {
            pod = try await pods.page(namespace: namespace, labelSelector: "job-name=\(job)").items.first
            return pod != nil
        }
        let key = try #require(pod?.key)
        let terminated: JSONValue = ["exitCode": .integer(exitCode), "reason": "Ended"]
        _ = try await pods.patch(
            key,
            .merge([
                "status": [
                    "phase": .string(exitCode == 0 ? "Succeeded" : "Failed"),
                    "containerStatuses": [
                        [
                            "name": "c", "image": "x", "imageID": "", "restartCount": 0, "ready": false,
                            "state": ["terminated": terminated],
                        ]
                    ],
                ]
            ]),
            subresource: "status"
        )
    }
}
