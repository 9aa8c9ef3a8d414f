import ControllerKit
import Kubernetes
import Logging

/// Reconciles one claim towards its volume: verdict, then directory, record and volume.
struct ClaimReconciler: Sendable {
    let cluster: ClusterView
    let settings: ProvisionerSettings
    let shares: Shares
    let claims: API<PersistentVolumeClaim>
    let volumes: API<PersistentVolume>
    let nodes: API<ClusterNode>
    let events: EventRecorder
    let metrics: ClaimMetrics
    private let bindings: ClaimBindings
    private let begun = BegunClaims()
    /// Few at a time, so that claims for an empty directory are still served.
    private let copies = ConcurrencyLimiter<ObjectKey>(limit: 2)
    let promises = PromisedSizes()
    let abandonment: Abandonment

    init(
        cluster: ClusterView,
        settings: ProvisionerSettings,
        shares: Shares,
        client: KubernetesClient,
        events: EventRecorder,
        metrics: ClaimMetrics,
        bindings: ClaimBindings
    ) {
        self.cluster = cluster
        self.settings = settings
        self.shares = shares
        claims = client.api()
        volumes = client.api()
        nodes = client.api()
        abandonment = Abandonment(client: client)
        self.events = events
        self.metrics = metrics
        self.bindings = bindings
    }

    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let claim = cluster.claims[key] else {
            try await abandon(key)
            return .done
        }
        switch ClaimVerdict(on: claim, in: cluster, settings: settings) {
        case .ignore:
            try await abandon(key)
            try await passOnRequests(of: claim)
            try await expand(claim)
        case .wait(let reason):
            if let reason { await warn(claim.reference, reason) }
        case .leave(let reason):
            await events.record(on: claim.reference, type: .normal, reason: EventReason.provisioning, message: reason)
        case .reject(let reason):
            Logger.current.warning("claim rejected", metadata: ["error": "\(reason)"])
            metrics.rejected(claim)
            await warn(claim.reference, reason)
        case .provision(let plan):
            return try await provision(plan)
        }
        return .done
    }

    private func provision(_ plan: ProvisioningPlan) async throws -> Outcome {
        guard plan.restore?.mode == .copy else {
            try await make(plan)
            return .done
        }
        guard copies.enter(plan.claimKey) else { return .requeue(after: .seconds(5)) }
        defer { copies.leave(plan.claimKey) }
        try await make(plan)
        return .done
    }

    private func make(_ plan: ProvisioningPlan) async throws {
        let start = ContinuousClock.now
        do {
            guard try await isStillWanted(plan) else { return try await abandon(plan.claimKey) }
            try await requireReachable(plan)
            if begun.holdsAnother(than: plan) { try await abandon(plan.claimKey) }
            try requireNoExport(at: plan)
            try cluster.paths.reserve(plan)
            let isFirstTry = begun.add(plan)
            let directory = try await doing {
                let directory = try await self.directory(of: plan) { exportID in
                    try cluster.paths.reserve(plan, exportID: exportID)
                    begun.noteChange(for: plan.claimKey)
                }
                cluster.volumes.upsert(try await create(plan.volume(in: directory), for: plan))
                return directory
            } meanwhile: {
                if isFirstTry { await announce(plan) }
            }
            metrics.succeeded(plan, since: start)
            await succeed(plan, directory)
        } catch {
            // A refusal made nothing, so another claim may have the place until this one is retried.
            if error is ShareError, cluster.volumes[plan.volume.key] == nil { cluster.paths.remove(plan.volumeName) }
            guard !error.isInterruption else { throw error }
            metrics.failed(plan)
            await warn(plan.claim, "failed to provision volume with StorageClass \"\(plan.className)\": \(error)")
            throw error
        }
    }

    /// Refuses a directory that is or contains an export: it would hand out all volumes there, and its release would
    /// take them along (S4: no two volumes touch).
    private func requireNoExport(at plan: ProvisioningPlan) throws(ShareError) {
        let export = ConfiguredShares.export(within: plan, classes: cluster.classes.objects, settings: settings)
        guard let export else { return }
        throw ShareError("the directory \(plan.path) on \(plan.share) is or contains the export \(export)")
    }

    private func directory(
        of plan: ProvisioningPlan,
        beforeChange: @escaping @Sendable (_ exportID: String) throws -> Void
    ) async throws -> ProvisionedDirectory {
        if plan.restore == nil { return try await shares[plan.share].provision(plan, beforeChange: beforeChange) }
        let directory = try await restore(plan, beforeChange: beforeChange)
        guard try await isStillWanted(plan) else { throw CancellationError() }
        return directory
    }

    /// Whether the API server still has the claim, unbound (C9: read again before anything is made).
    private func isStillWanted(_ plan: ProvisioningPlan) async throws(KubernetesError) -> Bool {
        do {
            let claim = try await claims.get(plan.claimKey)
            return claim.metadata.uid == plan.claim.uid && ClaimVerdict.isPending(claim)
        } catch let error where error.code == .notFound {
            return false
        }
    }

    /// Saves the volume; if that fails, the directory stays and the claim is retried (V4: keep the directory, keep
    /// trying).
    private func create(_ volume: PersistentVolume, for plan: ProvisioningPlan) async throws -> PersistentVolume {
        do {
            return try await volumes.create(volume)
        } catch let error where error.code == .alreadyExists {
            return try await existing(volume.key, of: plan)
        }
    }

    /// The volume that is already there (C10: a volume of this name exists).
    private func existing(_ key: ObjectKey, of plan: ProvisioningPlan) async throws -> PersistentVolume {
        let volume = try await volumes.get(key)
        guard volume.spec?.claimRef?.uid == plan.claim.uid else {
            throw ShareError(
                "volume \(key) exists and belongs to another claim: delete that volume if nothing needs it"
            )
        }
        return volume
    }

    /// Rolls back what was begun for a claim that is gone or served otherwise (C13: a gone claim leaves nothing).
    private func abandon(_ key: ObjectKey) async throws {
        guard let begun = begun[key], try await !isStillWanted(begun.plan) else { return }
        let plan = begun.plan
        if try await !isSaved(plan) {
            if begun.hasChangedShare {
                try await shares[plan.share].withdraw(plan)
                Logger.current.info(
                    "claim deleted before its volume was created; rolled back, but a directory with data stays",
                    metadata: ["volume": "\(plan.volumeName)", "export": "\(plan.share)", "path": "\(plan.path)"]
                )
            }
            cluster.paths.remove(plan.volumeName)
        }
        self.begun.remove(key)
    }

    private func isSaved(_ plan: ProvisioningPlan) async throws(KubernetesError) -> Bool {
        do {
            _ = try await volumes.get(plan.volume.key)
            return true
        } catch let error where error.code == .notFound {
            return false
        }
    }

    /// Copies what the claim's owner requests for its archive to the volume, which outlives the claim.
    private func passOnRequests(of claim: PersistentVolumeClaim) async throws(KubernetesError) {
        guard let name = claim.spec?.volumeName, let volume = cluster.volumes[ObjectKey(name: name)],
            volume.spec?.claimRef?.uid == claim.metadata.uid, volume.isProvisioned(under: settings)
        else { return }
        let requests = RetentionRequest.all(in: claim.metadata)
        guard requests != RetentionRequest.all(in: volume.metadata) else { return }
        let annotations = RetentionRequest.keys.map { ($0, requests[$0].map { .string($0) } ?? JSONValue.null) }
        let patch = Patch.merge(
            ["metadata": ["annotations": .object(Dictionary(uniqueKeysWithValues: annotations))]],
            uid: volume.metadata.uid
        )
        do {
            cluster.volumes.upsert(try await volumes.patch(volume.key, patch))
        } catch let error where error.code == .notFound {
            return
        }
    }

    private func announce(_ plan: ProvisioningPlan) async {
        await events.record(
            on: plan.claim,
            type: .normal,
            reason: EventReason.provisioning,
            message: "External provisioner is provisioning volume for claim \"\(plan.claimKey)\""
        )
    }

    private func succeed(_ plan: ProvisioningPlan, _ directory: ProvisionedDirectory) async {
        let duration = begun.remove(plan.claimKey).map { ContinuousClock.now - $0.at }
        Logger.current.info(
            "volume provisioned",
            metadata: [
                "volume": "\(plan.volumeName)",
                "export": "\(plan.share)",
                "path": "\(plan.path)",
                "origin": "\(directory.origin.rawValue)",
                "duration": "\(duration ?? .zero)",
            ]
        )
        bindings.made(plan)
        await events.record(
            on: plan.claim,
            type: .normal,
            reason: EventReason.provisioningSucceeded,
            message: "Successfully provisioned volume \(plan.volumeName)"
        )
    }

    private func warn(_ claim: ObjectReference, _ message: String) async {
        await events.record(on: claim, type: .warning, reason: EventReason.provisioningFailed, message: message)
    }
}

extension ProvisioningPlan {
    /// The volume to create, with the facts about its directory.
    fileprivate func volume(in directory: ProvisionedDirectory) -> PersistentVolume {
        var volume = volume
        volume.metadata.annotations?[AnnotationKey.exportID] = directory.exportID
        volume.metadata.annotations?[AnnotationKey.fileID] = String(directory.fileID)
        volume.metadata.annotations?[AnnotationKey.pendingHooks] = directory.pendingHooks?.rawValue
        if directory.origin == .adopted { volume.metadata.annotations?[AnnotationKey.adopted] = "true" }
        return volume
    }
}

extension ClaimReconciler {
    /// Checks that the node which the scheduler chose can reach the export (C8: topologies are honoured). If it cannot,
    /// removes the choice from the claim, so that the scheduler makes another.
    ///
    /// - Throws: ``ShareError`` if the node cannot reach the export.
    func requireReachable(_ plan: ProvisioningPlan) async throws {
        guard let topology = plan.topology, let name = plan.selectedNode else { return }
        let node: ClusterNode?
        do throws(KubernetesError) {
            node = try await nodes.get(ObjectKey(name: name))
        } catch {
            guard error.code == .notFound else { throw error }
            node = nil
        }
        guard !topology.admits(node?.metadata.labels ?? [:]) else { return }
        _ = try await claims.patch(
            plan.claimKey,
            .merge(
                ["metadata": ["annotations": [AnnotationKey.selectedNode: .null]]],
                uid: plan.claim.uid
            )
        )
        throw ShareError(
            "\(plan.share) cannot be reached from node \(name), which the scheduler chose: only nodes with"
                + " \(topology) reach it; give the class matching allowedTopologies"
        )
    }
}
