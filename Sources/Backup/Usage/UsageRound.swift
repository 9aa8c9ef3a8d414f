import ControllerKit
import Kubernetes
import Logging
import NFS
import Provisioning

/// One round on a share: finds the volumes and archives that are due, and measures them one after another.
struct UsageRound: Sendable {
    let share: ShareConnection
    let schedule: UsageSchedule
    let cluster: ClusterView
    let settings: ProvisionerSettings
    let board: UsageBoard
    let requests: RequestCheck
    let troubles: UsageTroubles
    let logger: Logger

    /// Performs the round. It ends early when the task is cancelled or the share does not answer; the next round goes
    /// on from there.
    func perform() async {
        do {
            try await measureWhatIsDue()
            troubles.ended(on: share.address)
        } catch {
            guard !Task.isCancelled, troubles.isNews("\(error)", on: share.address) else { return }
            warn("usage is not measured", "\(error)")
        }
    }

    private func measureWhatIsDue() async throws {
        guard try await share.hasBeenUsed() else { return }
        guard let id = share.cluster else {
            throw ShareError("the cluster's identity is not known: let the controller get the namespace kube-system")
        }
        let verification = try await verification(of: id)
        var ledger = try await share.usageLedger(of: id)
        board.show(ledger.latest, on: share.address)
        let due = due(of: verification.usageSubjects, after: ledger.latest)
        var measured = 0
        var nextStart = ContinuousClock.now
        for subject in due {
            try await Task.sleep(until: nextStart)
            nextStart = .now + schedule.pace
            if try await measure(subject, into: &ledger) { measured += 1 }
        }
        try await ledger.close(keeping: verification.usageNames)
        guard !due.isEmpty else { return }
        logger.info(
            "usage measured",
            metadata: ["export": "\(share.address)", "measured": "\(measured)", "left": "\(due.count - measured)"]
        )
    }

    /// The subjects that are due, stalest first. Those that failed before come last, so that they do not hold up the
    /// others.
    private func due(of subjects: [UsageSubject], after latest: [String: UsageSample]) -> [UsageSubject] {
        let now = Timestamp.now
        return subjects.filter { $0.isDue(latest: latest[$0.name], interval: schedule.oldestSample, now: now) }
            .map { (troubles.isKnown($0.name, on: share.address) ? 1 : 0, latest[$0.name]?.at.seconds ?? 0, $0) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    /// - Returns: Whether it was measured; false if it has disappeared, or one of its directories cannot be read.
    /// - Throws: Errors that affect the other subjects too.
    private func measure(_ subject: UsageSubject, into ledger: inout UsageLedger) async throws -> Bool {
        let sample: UsageSample?
        do {
            sample = try await share.measure(subject)
        } catch {
            try Task.checkCancellation()
            let reason = "\(error)"
            if troubles.isNews(reason, on: share.address, name: subject.name) {
                warn("\(subject.tree.kind) is not measured", reason, [subject.tree.kind.rawValue: "\(subject.name)"])
            }
            if let error = error as? NFSError, [.unreachable, .timedOut, .fenced, .closed].contains(error.code) {
                throw error
            }
            return false
        }
        troubles.ended(on: share.address, name: subject.name)
        guard let sample else { return false }
        let earlier = ledger.latest[subject.name]
        try await ledger.append(sample, of: subject.name)
        board.show(sample, of: subject.name, on: share.address)
        if subject.tree.kind == .volume { await requests.check(sample, after: earlier, of: subject.name) }
        return true
    }

    private func verification(of id: String) async throws -> ShareVerification {
        let volumes = cluster.volumes.objects
        let shares = ConfiguredShares(classes: cluster.classes.objects, settings: settings, volumes: volumes)
        func picture(_ exportID: String) -> VolumesOnShare {
            VolumesOnShare(
                id: id,
                before: volumes,
                after: volumes,
                on: share.address,
                exportID: exportID,
                among: shares,
                settings: settings
            )
        }
        let inventory = try await share.inventory { exportID in picture(exportID).volumes.map(\.path) }
        return ShareVerification(of: inventory, cluster: picture(inventory.exportID), now: .now)
    }

    private func warn(_ message: Logger.Message, _ error: String, _ more: Logger.Metadata = [:]) {
        logger.warning(message, metadata: more.merging(["export": "\(share.address)", "error": "\(error)"]) { $1 })
    }
}
