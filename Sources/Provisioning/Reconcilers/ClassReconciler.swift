import ControllerKit
import Kubernetes
import Logging

/// Reports the parameters of a class that are not understood (P4: unknown parameters are warned about). Parameters
/// never change, so once is enough.
struct ClassReconciler: Sendable {
    let cluster: ClusterView
    let settings: ProvisionerSettings
    let events: EventRecorder
    let metrics: ProvisioningMetrics

    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let storageClass = cluster.classes[key], settings.knows(storageClass.provisioner) else { return .done }
        metrics.claims.expect(class: key.name)
        metrics.reclaims.expect(class: key.name)
        guard let complaint = Self.complaint(about: storageClass) else { return .done }
        Logger.current.warning("class not understood", metadata: ["error": "\(complaint)"])
        await events.record(
            on: storageClass.reference,
            type: .warning,
            reason: EventReason.parametersNotUnderstood,
            message: complaint
        )
        return .done
    }

    private static func complaint(about storageClass: StorageClass) -> String? {
        do {
            let unknown = try ClassParameters(storageClass.parameters ?? [:]).unknown
            guard !unknown.isEmpty else { return nil }
            return "unknown parameters are ignored: \(unknown.joined(separator: ", "))"
        } catch {
            return error.description
        }
    }
}
