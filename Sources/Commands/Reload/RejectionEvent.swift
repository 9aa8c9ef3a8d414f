import Foundation
import Kubernetes
import Logging
import Provisioning

/// Records on the controller's own pod that a configuration file was rejected, for `kubectl describe`.
struct RejectionEvent {
    let client: KubernetesClient
    /// The namespace of the cluster's configuration.
    let namespace: String?
    let logger: Logger

    func send(_ error: ConfigurationError, file: String, by configuration: ControllerConfiguration) async {
        let pod = ObjectReference(
            apiVersion: Pod.resource.apiVersion,
            kind: Pod.resource.kind,
            namespace: configuration.namespace ?? namespace ?? "default",
            name: configuration.podName ?? ProcessInfo.processInfo.hostName
        )
        let events = EventRecorder(client: client, of: configuration.settings, identity: pod.name ?? "", logger: logger)
        await events.record(
            on: await withUID(pod),
            type: .warning,
            reason: EventReason.configurationRefused,
            message: "\(file) is rejected, the old configuration stays in effect: "
                + error.problems.joined(separator: "; ")
        )
    }

    /// Adds the pod's uid, by which `kubectl describe` looks up events. Outside a cluster there is no pod.
    private func withUID(_ pod: ObjectReference) async -> ObjectReference {
        let pods = try? await client.api(Pod.self).page(
            limit: 1,
            namespace: pod.namespace,
            fieldSelector: "metadata.name=\(pod.name ?? "")"
        )
        var pod = pod
        pod.uid = pods?.items.first?.metadata.uid
        return pod
    }
}
