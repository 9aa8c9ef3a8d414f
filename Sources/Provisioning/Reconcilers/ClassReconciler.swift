import ControllerKit
import Kubernetes
import Logging

/// Reports what is not understood of a class: parameters (P4: unknown parameters are warned about), and mount options
/// that the kernel's mount would refuse.
struct ClassReconciler: Sendable {
    let cluster: ClusterView
    let settings: ProvisionerSettings
    let events: EventRecorder
    let metrics: ProvisioningMetrics

    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let storageClass = cluster.classes[key], settings.knows(storageClass.provisioner) else { return .done }
        metrics.claims.expect(class: key.name)
        metrics.reclaims.expect(class: key.name)
        for complaint in Self.complaints(about: storageClass) {
            Logger.current.warning("class not understood", metadata: ["error": "\(complaint)"])
            await events.record(
                on: storageClass.reference,
                type: .warning,
                reason: EventReason.parametersNotUnderstood,
                message: complaint
            )
        }
        return .done
    }

    private static func complaints(about storageClass: StorageClass) -> [String] {
        let options = MountOptions(storageClass.mountOptions).doubts
        var complaints =
            options.isEmpty ? [] : ["pods may not start: mountOptions: \(options.joined(separator: "; "))"]
        do {
            let unknown = try ClassParameters(storageClass.parameters ?? [:]).unknown
            if !unknown.isEmpty {
                complaints.append("unknown parameters are ignored: \(unknown.joined(separator: ", "))")
            }
        } catch {
            complaints.append(error.description)
        }
        return complaints
    }
}
