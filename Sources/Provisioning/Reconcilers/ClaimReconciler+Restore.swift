import ControllerKit
import Foundation
import Kubernetes
import Logging
import NFS

extension ClaimReconciler {
    /// Between two events about a copy.
    private static var reportInterval: Duration { .seconds(15) }

    /// Makes the directory of a claim that asks for an archive. A copy may take hours: it is told about in events, and
    /// ends when the claim goes away.
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
    /// For people.
    fileprivate var summary: String {
        let size = ByteCountFormatStyle(style: .binary).format(Int64(clamping: bytes))
        return "\(files + kept) files, \(size)"
    }
}

/// Does a piece of work and another beside it, such as noting an event of it: neither waits for the other, and both are
/// over in the end, however the work went.
///
/// - Parameters:
///   - work: What it is about.
///   - other: What is done meanwhile; cancelled only with the task.
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
