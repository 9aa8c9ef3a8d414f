import ControllerKit
import Kubernetes
import Logging
import Synchronization

/// Says of each claim that this process made a volume for that it is Bound: once, whoever sees it first, the watch or
/// who made the volume.
final class ClaimBindings: Sendable {
    private struct Made {
        let volume: String
        let export: String
        let at: MicroTime
    }

    private let claims: Store<PersistentVolumeClaim>
    private let logger: Logger
    /// By the claim's uid.
    private let awaited = Mutex<[String: Made]>([:])

    /// - Parameters:
    ///   - claims: As last seen.
    ///   - logger: Told.
    init(claims: Store<PersistentVolumeClaim>, logger: Logger) {
        self.claims = claims
        self.logger = logger
    }

    /// The volume of a plan is there.
    func made(_ plan: ProvisioningPlan) {
        guard let uid = plan.claim.uid else { return }
        let made = Made(volume: plan.volumeName, export: "\(plan.share)", at: .now)
        awaited.withLock { $0[uid] = made }
        // The watch may have been quicker.
        if let claim = claims[plan.claimKey] { look(at: claim) }
    }

    func claimChanged(_ change: Change<PersistentVolumeClaim>) {
        if case .deleted(let claim) = change {
            _ = take(claim)
        } else {
            look(at: change.object)
        }
    }

    /// Another process leads from now on, and says what becomes of the claims.
    func forget() {
        awaited.withLock { $0 = [:] }
    }

    private func look(at claim: PersistentVolumeClaim) {
        guard claim.status?.phase == .bound, let made = take(claim) else { return }
        var metadata: Logger.Metadata = [
            "claim": "\(claim.key)", "volume": "\(made.volume)", "export": "\(made.export)",
        ]
        if let asked = claim.metadata.creationTimestamp {
            metadata["asked"] = "\(asked)"
            metadata["made.seconds"] = .stringConvertible(Self.seconds(from: asked, to: made.at))
            metadata["bound.seconds"] = .stringConvertible(Self.seconds(from: asked, to: .now))
        }
        logger.info("claim bound", metadata: metadata)
    }

    private func take(_ claim: PersistentVolumeClaim) -> Made? {
        guard let uid = claim.metadata.uid else { return nil }
        return awaited.withLock { $0.removeValue(forKey: uid) }
    }

    /// With milliseconds; none if the API server's clock is ahead of ours.
    private static func seconds(from start: Timestamp, to end: MicroTime) -> Double {
        let milliseconds = (end.microseconds - start.seconds * 1_000_000) / 1000
        return Double(max(milliseconds, 0)) / 1000
    }
}
