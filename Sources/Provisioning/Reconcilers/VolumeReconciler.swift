import ControllerKit
import Kubernetes
import Logging

/// Reclaims one volume once its claim is gone: archives, deletes or leaves its directory, then deletes the volume and
/// removes our finalizer.
struct VolumeReconciler: Sendable {
    /// How soon to check again, in case the report of a claim's deletion is missed.
    private static let claimWait = Duration.seconds(5)

    let cluster: ClusterView
    let settings: ProvisionerSettings
    let shares: Shares
    let volumes: API<PersistentVolume>
    let events: EventRecorder
    let metrics: ReclaimMetrics
    let records = RecordFollowing()

    init(
        cluster: ClusterView,
        settings: ProvisionerSettings,
        shares: Shares,
        client: KubernetesClient,
        events: EventRecorder,
        metrics: ReclaimMetrics
    ) {
        self.cluster = cluster
        self.settings = settings
        self.shares = shares
        volumes = client.api()
        self.events = events
        self.metrics = metrics
    }

    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let cached = cluster.volumes[key] else {
            records.forget(key)
            return .done
        }
        do {
            try await runPendingHooks(of: cached)
            let outcome = try await reconcile(cached)
            // Last, so that what the cluster needs does not wait for the share. Hooks may have taken an hour.
            let later = try await compareRecord(of: cluster.volumes[key] ?? cached)
            return outcome == .done ? later : outcome
        } catch is HooksBusy {
            return .requeue(after: .seconds(5))
        }
    }

    private func reconcile(_ cached: PersistentVolume) async throws -> Outcome {
        if case .ignore = verdict(on: cached) {
            try await dropRelease(of: cached)
            return .done
        }
        if isAheadOfClaim(cached) { return .requeue(after: Self.claimWait) }
        guard let volume = try await readAgain(cached) else { return .done }
        if isAheadOfClaim(volume) { return .requeue(after: Self.claimWait) }
        switch verdict(on: volume) {
        case .ignore:
            return .done
        case .letGo:
            // An earlier process may have begun to reclaim it.
            if volume.status?.phase == .released { records.begin(releaseOf: volume.key) }
            try await removeFinalizer(from: volume)
            try await dropRelease(of: volume)
        case .protect:
            try await addFinalizer(to: volume)
        case .refuse(let reason):
            await fail(volume, reason)
            throw ShareError(reason)
        case .reclaim(let plan):
            try await reclaim(plan)
        }
        return .done
    }

    func verdict(on volume: PersistentVolume) -> VolumeVerdict {
        VolumeVerdict(
            on: volume,
            classes: cluster.classes.objects,
            settings: settings,
            lastClaimState: cluster.lastClaimState(of: volume)
        )
    }

    /// Whether the watch of claims is behind that of volumes: it has not yet reported the deletion of a released
    /// volume's claim, with the claim's last state. The volume is then queued again.
    private func isAheadOfClaim(_ volume: PersistentVolume) -> Bool {
        volume.status?.phase == .released && cluster.claim(of: volume) != nil
    }

    /// Reads the volume from the API server (R3: nothing is destroyed on a cache's word).
    ///
    /// - Returns: nil if the volume is gone, is another one of its name, or has another claim.
    func readAgain(_ cached: PersistentVolume) async throws(KubernetesError) -> PersistentVolume? {
        do {
            let volume = try await volumes.get(cached.key)
            let isSame =
                volume.metadata.uid == cached.metadata.uid && volume.spec?.claimRef?.uid == cached.spec?.claimRef?.uid
            return isSame ? volume : nil
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    private func reclaim(_ plan: ReclaimPlan) async throws {
        let started = ContinuousClock.now
        let share = shares[plan.share]
        records.begin(releaseOf: plan.volume.key)
        do {
            let outcome = try await share.reclaim(
                plan,
                deletesAdopted: settings.deletesAdoptedDirectories,
                confirm: { try await confirm(plan, exportID: $0) },
                otherVolumes: { cluster.paths.leave(plan.volume, exportID: $0) }
            )
            let duration = ContinuousClock.now - started
            try await doing {
                try await remove(plan.volume)
            } meanwhile: {
                await announce(outcome, of: plan, after: duration)
            }
            records.end(releaseOf: plan.volume.key)
            metrics.succeeded(plan.volume, outcome, since: started)
            if outcome.endsRecord { await forget(plan.volumeName, on: share) }
        } catch {
            cluster.paths.stay(plan.volume)
            if !error.isInterruption, !(error is HooksBusy) { await fail(plan.volume, "\(error)") }
            throw error
        }
    }

    /// Removes a volume's record. One that stays behind does no harm: the volume is gone.
    private func forget(_ volume: String, on share: ShareConnection) async {
        do {
            try await share.forget(volume: volume)
        } catch {
            Logger.current.notice("record left behind", metadata: ["error": "\(error)"])
        }
    }

    /// Deletes the volume, then removes our finalizer (R10: the volume goes last).
    private func remove(_ volume: PersistentVolume) async throws(KubernetesError) {
        do {
            try await volumes.delete(volume.key, uid: volume.metadata.uid)
        } catch let error where error.code == .notFound {
            return
        }
        try await removeFinalizer(from: volume)
    }

    /// Removes our finalizer by its name, not by its index: the cluster removes its own at the same time.
    private func removeFinalizer(from volume: PersistentVolume) async throws(KubernetesError) {
        guard volume.hasProvisionerFinalizer else { return }
        do {
            let change = Patch.removingFinalizer(FinalizerName.provisioner, uid: volume.metadata.uid)
            // Update the cache immediately, in case another finalizer keeps the volume: with ours it would look as if it
            // were to be reclaimed, and would be read again.
            cluster.volumes.upsert(try await volumes.patch(volume.key, change))
        } catch let error where error.code == .notFound {
            return
        } catch let error where error.code == .invalid || error.code == .conflict {
            // Another volume of the same name is left alone.
            guard try await readAgain(volume) != nil else { return }
            throw error
        }
    }

    /// Adds our finalizer to a volume in use that lacks it (V3: the finalizer keeps the volume).
    private func addFinalizer(to volume: PersistentVolume) async throws(KubernetesError) {
        let finalizers = (volume.metadata.finalizers ?? []) + [FinalizerName.provisioner]
        cluster.volumes.upsert(try await volumes.patch(volume.key, .finalizers(finalizers, of: volume.metadata)))
    }

    private func announce(_ outcome: ReclaimOutcome, of plan: ReclaimPlan, after duration: Duration) async {
        let (reason, message) = outcome.event(of: plan)
        var metadata: Logger.Metadata = [
            "export": "\(plan.share)", "path": "\(plan.path)", "outcome": "\(message)", "duration": "\(duration)",
        ]
        if let claim = plan.volume.spec?.claimRef {
            metadata["claim"] = "\(ObjectKey(namespace: claim.namespace, name: claim.name ?? ""))"
        }
        Logger.current.info("volume reclaimed", metadata: metadata)
        await events.record(on: plan.volume.reference, type: .normal, reason: reason, message: message)
        guard case .archived(let name, lacksBackup: true, _) = outcome else { return }
        await events.record(
            on: plan.volume.reference,
            type: .warning,
            reason: EventReason.backupMissing,
            message:
                "\(name) on \(plan.share) needs a backup, but no hook has made one: it is not purged until it has one"
        )
    }

    /// Reports a failure on the volume (R9: every outcome is an event).
    private func fail(_ volume: PersistentVolume, _ reason: String) async {
        metrics.failed(volume)
        await events.record(
            on: volume.reference,
            type: .warning,
            reason: EventReason.volumeFailedDelete,
            message: reason
        )
    }
}

extension ReclaimOutcome {
    /// Whether nothing of the volume is left for its record to describe.
    fileprivate var endsRecord: Bool {
        if case .retained = self { false } else { true }
    }

    fileprivate func event(of plan: ReclaimPlan) -> (reason: String, message: String) {
        switch self {
        case .archived(let name, _, let claimUnseen):
            (
                EventReason.volumeArchived,
                "archived \(plan.path) as \(name) on \(plan.share)"
                    + (claimUnseen ? ": \(ReclaimPlan.unseenDeletion)" : "")
            )
        case .deleted:
            (EventReason.volumeDeleted, "deleted \(plan.path) on \(plan.share)")
        case .retained(let reason):
            (EventReason.volumeRetained, "left \(plan.path) on \(plan.share)" + (reason.map { ": \($0)" } ?? ""))
        case .alreadyGone:
            (EventReason.volumeDeleted, "\(plan.path) was no longer on \(plan.share)")
        }
    }
}

extension VolumeReconciler {
    /// Keeps the record of a bound volume in step with the cluster (R14: the record follows the volume): `recover`, hooks
    /// and retention go by the record.
    @discardableResult
    func followVolume(_ volume: PersistentVolume) async throws -> Outcome {
        guard isOurs(volume),
            // If the claim is reported later, that queues its volume again.
            let bound = cluster.claim(of: volume).flatMap({ BoundVolume(volume, $0) }),
            let due = records.due(bound, named: volume.key), let (share, path) = place(of: volume)
        else { return .done }
        guard due == .zero else { return .requeue(after: due) }
        if try await shares[share].follow(bound, named: volume.key.name, at: path) {
            // Another claim than the one it was made for: an admin, or another cluster, has given it away.
            let isGiven = volume.key.name != "pvc-\(bound.claim.uid)"
            Logger.current.log(
                level: isGiven ? .info : .debug,
                "updated the record of the volume to what the cluster says",
                metadata: [
                    "claim": "\(bound.claim.namespace)/\(bound.claim.name)", "export": "\(share)", "path": "\(path)",
                ]
            )
        }
        records.note(bound, named: volume.key)
        records.end(releaseOf: volume.key)
        return .done
    }

    /// As ``followVolume(_:)``, but what the cluster needs does not fail because of a record.
    private func compareRecord(of volume: PersistentVolume) async throws -> Outcome {
        do {
            return try await followVolume(volume)
        } catch  where !error.isInterruption {
            Logger.current.debug("the record of the volume was not compared", metadata: ["error": "\(error)"])
            return .requeue(after: RecordFollowing.pause)
        }
    }

    /// Removes the release from the record of a volume that stays after all (R15: it leaves no trace).
    func dropRelease(of volume: PersistentVolume) async throws {
        guard records.mayHaveRelease(volume.key) else { return }
        if isOurs(volume), let (share, path) = place(of: volume),
            try await shares[share].dropRelease(ofVolume: volume.key.name, at: path)
        {
            Logger.current.info(
                "the volume no longer needs to be reclaimed; removed the release from its record",
                metadata: ["export": "\(share)", "path": "\(path)"]
            )
        }
        records.end(releaseOf: volume.key)
    }

    /// Volumes of another provisioner have no record before they are archived.
    private func isOurs(_ volume: PersistentVolume) -> Bool {
        volume.isProvisioned(under: settings) && volume.metadata.annotations?[AnnotationKey.share] != nil
    }
}
