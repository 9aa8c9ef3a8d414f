import ControllerKit
import Kubernetes
import Provisioning

/// The requests to the API server that the controller makes for a claim and for a released volume.
struct FloorReconciler: Sendable {
    let cluster: ClusterView
    private let settings: ProvisionerSettings
    private let claims: API<PersistentVolumeClaim>
    private let volumes: API<PersistentVolume>
    private let events: EventRecorder

    init(cluster: ClusterView, settings: ProvisionerSettings, client: KubernetesClient) {
        self.cluster = cluster
        self.settings = settings
        claims = client.api()
        volumes = client.api()
        events = EventRecorder(client: client, of: settings, identity: "floor", logger: Bench.silent)
    }

    func provision(_ key: ObjectKey) async throws -> Outcome {
        guard let claim = cluster.claims[key],
            case .provision(let plan) = ClaimVerdict(on: claim, in: cluster, settings: settings)
        else { return .done }
        guard ClaimVerdict.isPending(try await claims.get(key)) else { return .done }
        try await doing {
            cluster.volumes.upsert(try await volumes.create(plan.volumeWithoutDirectory))
        } meanwhile: {
            await note(
                EventReason.provisioning,
                "External provisioner is provisioning volume for claim \"\(plan.claimKey)\"",
                on: plan.claim
            )
        }
        await note(
            EventReason.provisioningSucceeded,
            "Successfully provisioned volume \(plan.volumeName)",
            on: plan.claim
        )
        return .done
    }

    func reclaim(_ key: ObjectKey) async throws -> Outcome {
        guard let cached = cluster.volumes[key], isReleased(cached) else { return .done }
        let volume = try await volumes.get(key)
        guard isReleased(volume), volume.metadata.deletionTimestamp == nil else { return .done }
        try await doing {
            try await volumes.delete(key, uid: volume.metadata.uid)
            let change = Patch.removingFinalizer(FinalizerName.provisioner, uid: volume.metadata.uid)
            cluster.volumes.upsert(try await volumes.patch(key, change))
        } meanwhile: {
            let path = volume.spec?.nfs?.path ?? ""
            await note(EventReason.volumeArchived, "archived \(path) as archived-\(key.name)", on: volume.reference)
        }
        return .done
    }

    private func note(_ reason: String, _ message: String, on object: ObjectReference) async {
        await events.record(on: object, type: .normal, reason: reason, message: message)
    }

    private func isReleased(_ volume: PersistentVolume) -> Bool {
        if case .reclaim = VolumeVerdict(on: volume, classes: cluster.classes.objects, settings: settings) {
            true
        } else {
            false
        }
    }
}

extension ProvisioningPlan {
    fileprivate var volumeWithoutDirectory: PersistentVolume {
        var volume = volume
        volume.metadata.annotations?[AnnotationKey.exportID] = "00000000-0000-0000-0000-000000000000"
        volume.metadata.annotations?[AnnotationKey.fileID] = "1234567"
        return volume
    }
}
