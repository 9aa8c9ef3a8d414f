import ControllerKit
import Foundation
import Kubernetes
import Logging
import NFS

extension ClaimReconciler {
    /// The time between two events about a copy.
    private static var reportInterval: Duration { .seconds(15) }

    /// Makes the directory of a claim that requests an archive. A copy may take hours: events report its progress, and
    /// it is cancelled when the claim is deleted.
    func restore(
        _ plan: ProvisioningPlan,
        beforeChange: @escaping @Sendable (_ exportID: String) throws -> Void
    ) async throws -> ProvisionedDirectory {
        let progress = CopyProgress()
        let support = RestoreSupport(onProgress: { progress.note($0) }, isAbandoned: abandonment.isAbandoned)
        return try await withThrowingTaskGroup(of: ProvisionedDirectory?.self) { group in
            group.addTask {
                try await shares[plan.share].provision(plan, restore: support, beforeChange: beforeChange)
            }
            group.addTask {
                try await watchOver(plan, progress)
                return nil
            }
            defer { group.cancelAll() }
            while let directory = try await group.next() {
                if let directory { return directory }
            }
            throw CancellationError()
        }
    }

    /// - Throws: `CancellationError` once the claim is gone.
    private func watchOver(_ plan: ProvisioningPlan, _ progress: CopyProgress) async throws {
        var nextReport = ContinuousClock.now + Self.reportInterval
        while true {
            try await Task.sleep(for: .seconds(1))
            guard let claim = cluster.claims[plan.claimKey], claim.metadata.uid == plan.claim.uid,
                claim.metadata.deletionTimestamp == nil
            else { throw CancellationError() }
            guard nextReport <= .now, let copied = progress.copied else { continue }
            nextReport = .now + Self.reportInterval
            await events.record(
                on: plan.claim,
                type: .normal,
                reason: EventReason.restoring,
                message: "copying archive \(plan.restore?.archive ?? ""): \(copied.summary) so far"
            )
        }
    }
}

extension CopiedTree {
    /// A summary for the event.
    fileprivate var summary: String {
        let size = ByteCountFormatStyle(style: .binary).format(Int64(clamping: bytes))
        return "\(files + kept) files, \(size)"
    }
}

/// Runs a piece of work and another concurrently, such as recording an event about it. Neither waits for the other, and
/// this returns once both are done, however the work went.
///
/// - Parameters:
///   - work: The main work.
///   - other: The concurrent work; cancelled only with the task.
/// - Returns: What the work returns.
/// - Throws: What the work throws.
package func doing<Value>(
    _ work: () async throws -> Value,
    meanwhile other: @escaping @Sendable () async -> Void
) async throws -> Value {
    async let otherIsDone: Void = other()
    let result: Result<Value, any Error>
    do { result = .success(try await work()) } catch { result = .failure(error) }
    await otherIsDone
    return try result.get()
}
