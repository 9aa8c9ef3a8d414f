import Kubernetes
import Provisioning

/// Checks who leads, and whether another provisioner works under our names.
enum ProvisionerVerdict {
    /// How far another provisioner's clock may differ from ours, in seconds.
    private static let clockDifference: Int64 = 300

    static func leader(_ lease: Result<Lease?, KubernetesError>, isElected: Bool, now: Timestamp) -> Check {
        guard isElected else { return .skipped(.leader, "not checked: leader election is off") }
        switch lease {
        case .failure(let error):
            return .skipped(.leader, "the leader is unknown: \(error)")
        case .success(let lease):
            let remedy = "check that the controller runs, and its log: kubectl logs deploy/NAME"
            guard let spec = lease?.spec, let holder = spec.holderIdentity, !holder.isEmpty else {
                return .warning(.leader, "no controller leads, so claims wait", remedy: remedy)
            }
            let renewed = spec.renewTime.map { Timestamp($0.date) } ?? Timestamp(seconds: 0)
            guard renewed.seconds + Int64(spec.leaseDurationSeconds ?? 15) >= now.seconds else {
                return .warning(.leader, "\(holder) led until \(renewed), and no controller leads now", remedy: remedy)
            }
            let since = spec.acquireTime.map { " since \(Timestamp($0.date))" } ?? ""
            return .ok(.leader, "\(holder) leads\(since)")
        }
    }

    static func others(
        _ locks: Result<[ForeignLock], KubernetesError>,
        isInPod: Bool,
        now: Timestamp
    ) -> [Check] {
        switch locks {
        case .failure(let error):
            return [.skipped(.others, "not checked whether another provisioner uses one of our names: \(error)")]
        case .success(let locks):
            let recent = locks.filter { $0.renewedAt.seconds + clockDifference > now.seconds }
            guard !recent.isEmpty else { return [.ok(.others, "no other provisioner uses one of our names")] }
            return recent.map { other($0, isInPod: isInPod, now: now) }
        }
    }

    private static func other(_ lock: ForeignLock, isInPod: Bool, now: Timestamp) -> Check {
        // Outside the controller's pod, the other may be the one that is meant to work.
        let remedy =
            isInPod
            ? "scale it to 0: ours waits, because two with one name would undo each other's work"
            : "scale the wrong one to 0: two with one name would undo each other's work"
        guard lock.renewedAt.seconds + lock.duration.components.seconds >= now.seconds else {
            let sentence = "\(lock.holder) held \(lock.place) until \(lock.renewedAt), under one of our names"
            return .warning(.others, of: lock.place, sentence, remedy: remedy)
        }
        let sentence = "\(lock.holder) uses one of our names: it holds \(lock.place)"
        return .failed(.others, of: lock.place, sentence, remedy: remedy)
    }
}
