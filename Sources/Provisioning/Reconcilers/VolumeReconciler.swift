import ControllerKit
import Kubernetes
import Logging

/// Brings one volume nearer to its end once its claim is gone: archive, delete or leave its directory, then delete the
/// volume and take our finalizer off.
struct VolumeReconciler: Sendable {
    let cluster: ClusterView
    let settings: ProvisionerSettings
    let shares: Shares
    let volumes: API<PersistentVolume>
    let events: EventRecorder

    init(
        cluster: ClusterView,
        settings: ProvisionerSettings,
        shares: Shares,
        client: KubernetesClient,
        events: EventRecorder
    ) {
        self.cluster = cluster
        self.settings = settings
        self.shares = shares
        volumes = client.api()
        self.events = events
    }

    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let cached = cluster.volumes[key] else { return .done }
        if case .ignore = verdict(on: cached) { return .done }
        guard let volume = try await readAgain(cached) else { return .done }
        switch verdict(on: volume) {
        case .ignore:
            return .done
        case .letGo:
            try await removeFinalizer(from: volume)
        case .refuse(let reason):
            await fail(volume, reason)
        case .reclaim(let plan):
            try await reclaim(plan)
        }
        return .done
    }

    private func verdict(on volume: PersistentVolume) -> VolumeVerdict {
        VolumeVerdict(on: volume, classes: cluster.classes.objects, settings: settings)
    }

    /// Rule R3: nothing is destroyed on the word of a cache.
    ///
    /// - Returns: nil if the volume is gone, or another one of its name has come.
    private func readAgain(_ cached: PersistentVolume) async throws(KubernetesError) -> PersistentVolume? {
        do {
            let volume = try await volumes.get(cached.key)
            return volume.metadata.uid == cached.metadata.uid ? volume : nil
        } catch  where error.code == .notFound {
            return nil
        }
    }

    private func reclaim(_ plan: ReclaimPlan) async throws {
        let started = ContinuousClock.now
        let share = shares[plan.share]
        let sharers = cluster.paths.takeOut(plan.volume)
        do {
            let outcome = try await share.reclaim(
                plan,
                sharers: sharers,
                deletesAdopted: settings.deletesAdoptedDirectories
            )
            await announce(outcome, of: plan, after: ContinuousClock.now - started)
            try await remove(plan.volume)
            if outcome.endsRecord { try await share.forget(volume: plan.volumeName) }
        } catch {
            cluster.paths.apply(.present(plan.volume))
            if !(error is CancellationError) { await fail(plan.volume, "\(error)") }
            throw error
        }
    }

    /// Rule R10.
    private func remove(_ volume: PersistentVolume) async throws(KubernetesError) {
        do {
            try await volumes.delete(volume.key, uid: volume.metadata.uid)
        } catch  where error.code == .notFound {
            return
        }
        try await removeFinalizer(from: volume)
    }

    /// Takes our finalizer off as it was read, and if it is not there any more, as it is now.
    private func removeFinalizer(from volume: PersistentVolume) async throws(KubernetesError) {
        guard let index = volume.metadata.finalizers?.firstIndex(of: FinalizerName.provisioner) else { return }
        let path = "/metadata/finalizers/\(index)"
        do {
            _ = try await volumes.patch(
                volume.key,
                .json([
                    .test(path: "/metadata/uid", value: .string(volume.metadata.uid ?? "")),
                    .test(path: path, value: .string(FinalizerName.provisioner)),
                    .remove(path: path),
                ])
            )
        } catch  where error.code == .notFound {
            return
        } catch  where error.code == .invalid {
            guard let volume = try await readAgain(volume) else { return }
            try await removeFinalizer(from: volume)
        }
    }

    private func announce(_ outcome: ReclaimOutcome, of plan: ReclaimPlan, after duration: Duration) async {
        let (reason, message) = outcome.event(of: plan)
        Logger.current.info(
            "volume reclaimed",
            metadata: [
                "claim": "\(plan.volume.spec?.claimRef?.namespace ?? "")/\(plan.volume.spec?.claimRef?.name ?? "")",
                "volume": "\(plan.volumeName)",
                "export": "\(plan.share)",
                "path": "\(plan.path)",
                "outcome": "\(message)",
                "duration": "\(duration)",
            ]
        )
        await events.record(on: plan.volume.reference, type: .normal, reason: reason, message: message)
    }

    /// Rule R9.
    private func fail(_ volume: PersistentVolume, _ reason: String) async {
        Logger.current.warning("volume not reclaimed", metadata: ["volume": "\(volume.key)", "error": "\(reason)"])
        await events.record(
            on: volume.reference,
            type: .warning,
            reason: EventReason.volumeFailedDelete,
            message: reason
        )
    }
}

extension ReclaimOutcome {
    /// Whether nothing of the volume is left that its record would speak of.
    fileprivate var endsRecord: Bool {
        if case .retained = self { false } else { true }
    }

    fileprivate func event(of plan: ReclaimPlan) -> (reason: String, message: String) {
        switch self {
        case .archived(let name):
            (EventReason.volumeArchived, "archived \(plan.path) as \(name) on \(plan.share)")
        case .deleted:
            (EventReason.volumeDeleted, "deleted \(plan.path) on \(plan.share)")
        case .retained(let reason):
            (EventReason.volumeRetained, "left \(plan.path) on \(plan.share)" + (reason.map { ": \($0)" } ?? ""))
        case .alreadyGone:
            (EventReason.volumeDeleted, "\(plan.path) was not on \(plan.share) any more")
        }
    }
}
