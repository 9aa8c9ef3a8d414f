import ControllerKit
import Kubernetes
import Logging
import Synchronization

/// Logs once that a claim whose volume this process made is Bound, whether the watch or the maker of the volume sees it
/// first.
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
    ///   - claims: The claims as last seen.
    ///   - logger: Logs the bound claims.
    init(claims: Store<PersistentVolumeClaim>, logger: Logger) {
        self.claims = claims
        self.logger = logger
    }

    /// Notes that the volume of a plan exists.
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

    /// Forgets all claims: another process leads from now on, and logs what happens to them.
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

    /// The interval with milliseconds; 0 if the API server's clock is ahead of ours.
    private static func seconds(from start: Timestamp, to end: MicroTime) -> Double {
        let milliseconds = (end.microseconds - start.seconds * 1_000_000) / 1000
        return Double(max(milliseconds, 0)) / 1000
    }
}
