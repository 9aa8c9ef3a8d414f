import ControllerKit
import Kubernetes
import Logging
import NFS

extension ClaimReconciler {
    /// Expands the volume as the claim requests (E1: volume, record, then claim grow). Each step can be repeated; the
    /// claim's status goes last, because it says that nothing is left to do.
    func expand(_ claim: PersistentVolumeClaim) async throws {
        let volume = claim.spec?.volumeName.flatMap { cluster.volumes[ObjectKey(name: $0)] }
        switch ExpansionVerdict(on: claim, volume: volume, classes: cluster.classes.objects, settings: settings) {
        case .ignore:
            return
        case .refuse(let reason):
            await fail(claim, reason)
        case .expand(let plan):
            do {
                try await expand(plan)
            } catch {
                if !error.isInterruption { await fail(claim, "\(error)") }
                throw error
            }
        }
    }

    private func expand(_ plan: ExpansionPlan) async throws {
        var volume = plan.volume
        // A run that ended early has already promised this size.
        if !plan.volumeIsLargeEnough {
            try await promiseRoom(for: plan)
            defer { promises.giveBack(plan) }
            let change = Patch.merge(
                ["spec": ["capacity": ["storage": .string(plan.size.rawValue)]]],
                uid: plan.volume.metadata.uid
            )
            volume = try await volumes.patch(plan.volume.key, change)
            cluster.volumes.upsert(volume)
        }
        try await writeRecord(of: volume, plan)
        let claim = try await claims.get(plan.claim.key)
        guard claim.metadata.uid == plan.claim.metadata.uid else { return }
        cluster.claims.upsert(try await claims.patch(claim.key, .expanded(claim, to: plan.size), subresource: "status"))
        await announce(plan)
    }

    /// Writes the new size to the volume's record, so that a recovery restores that size. The reconciler of the volume
    /// writes the same, but perhaps later than the claim says that all is done.
    private func writeRecord(of volume: PersistentVolume, _ plan: ExpansionPlan) async throws {
        let components = volume.spec?.nfs.flatMap { plan.share.export.relativeComponents(of: $0.path) }
        guard let bound = BoundVolume(volume, plan.claim), let components,
            let path = try? VolumePath(components: components)
        else { return }
        _ = try await shares[plan.share].follow(bound, named: volume.key.name, at: path)
    }

    /// Checks the sum of all promises on the export (E2: no expansion beyond the limit).
    private func promiseRoom(for plan: ExpansionPlan) async throws {
        guard let limit = settings.expansionOvercommitLimit else { return }
        let total = Double(try await shares[plan.share].statistics().totalBytes)
        var promised = 0.0
        let isLet = promises.take(plan) { others in
            promised = ExportCommitment.bytes(
                of: cluster.volumes.objects,
                on: plan.share.export,
                after: plan,
                and: others
            )
            return promised <= total * limit
        }
        guard !isLet else { return }
        throw ShareError(
            "the volumes on \(plan.share) would be promised \(Int64(clamping: promised)) bytes, more than"
                + " \(limit) times its \(Int64(clamping: total)); request less, or raise EXPANSION_OVERCOMMIT_LIMIT"
        )
    }

    private func announce(_ plan: ExpansionPlan) async {
        Logger.current.info(
            "volume expanded",
            metadata: ["volume": "\(plan.volume.key)", "from": "\(plan.current)", "to": "\(plan.size)"]
        )
        await events.record(
            on: plan.claim.reference,
            type: .normal,
            reason: EventReason.volumeResizeSuccessful,
            message: "volume \(plan.volume.key) now has the size \(plan.size); NFS does not enforce it"
        )
    }

    private func fail(_ claim: PersistentVolumeClaim, _ reason: String) async {
        let size = claim.spec?.resources?.requests?["storage"]?.description ?? ""
        await events.record(
            on: claim.reference,
            type: .warning,
            reason: EventReason.volumeResizeFailed,
            message: "failed to expand to \(size): \(reason)"
        )
    }
}

extension Patch {
    /// Completes an expansion: sets the new size and removes the conditions about the resize.
    ///
    /// - Parameters:
    ///   - claim: The claim as the API server has it now: the patch fails if its uid or its conditions have changed.
    ///   - size: The new size.
    /// - Returns: A patch of the claim's status.
    static func expanded(_ claim: PersistentVolumeClaim, to size: Quantity) -> Patch {
        let conditions = (claim.status?.conditions ?? []).enumerated().filter { $0.element.isOfResize }
        return .json(
            [
                .test(path: "/metadata/uid", value: .string(claim.metadata.uid ?? "")),
                .add(path: "/status/capacity/storage", value: .string(size.rawValue)),
            ]
                // From the end, so that the other indexes stay valid.
                + conditions.reversed().flatMap { index, condition -> [Operation] in
                    let path = "/status/conditions/\(index)"
                    return [.test(path: path + "/type", value: .string(condition.type)), .remove(path: path)]
                }
        )
    }
}

extension PersistentVolumeClaim.Condition {
    fileprivate var isOfResize: Bool {
        ["Resizing", "FileSystemResizePending", "ControllerResizeError", "NodeResizeError"].contains(type)
    }
}

extension Int64 {
    /// The nearest whole number that fits.
    fileprivate init(clamping value: Double) {
        self = Int64(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }
}
