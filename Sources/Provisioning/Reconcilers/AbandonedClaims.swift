import ControllerKit
import Kubernetes
import Logging

/// Periodically rolls back what was begun for claims that were deleted while no controller ran, and resolves
/// interrupted purges and archives.
struct AbandonedClaims: LeaderTask {
    /// The claims that wait for a new leader go first.
    private static let firstLook = Duration.seconds(5)
    private static let interval = Duration.seconds(3600)
    private static let nextTry = Duration.seconds(60)

    let cluster: ClusterView
    let abandonment: Abandonment
    let logger: Logger

    func run(on shares: Shares, addresses: @escaping @Sendable () -> [ShareAddress]) async {
        var wait = Self.firstLook
        while (try? await Task.sleep(for: wait)) != nil {
            wait = Self.interval
            for address in addresses() where !Task.isCancelled {
                if await !look(at: shares[address]) { wait = Self.nextTry }
            }
        }
    }

    /// Whether the class of a record retains volumes: an admin may have deleted such a volume and still use its
    /// directory.
    private func isRetained(_ record: VolumeRecord) -> Bool {
        record.storageClass.flatMap { cluster.classes[ObjectKey(name: $0)] }?.reclaimPolicy == .retain
    }

    /// - Returns: false if the share must be checked again soon.
    private func look(at share: ShareConnection) async -> Bool {
        do {
            guard try await share.hasBeenUsed() else { return true }
            let withdrawn = try await share.withdrawAbandoned(
                { cluster.volumes[ObjectKey(name: $0)] != nil },
                if: { record in
                    guard !isRetained(record) else { return false }
                    return try await abandonment.isAbandoned(record.volume, record.claim)
                },
                take: { record, exportID in
                    let (export, volume) = (share.address.export, record.volume)
                    guard let path = record.volumePath else { return false }
                    return cluster.paths.reserve(path, of: export, for: volume, exportID: exportID) == nil
                },
                giveBack: { cluster.paths.remove($0.volume) }
            )
            for archive in try await share.putBackFromTrash() {
                logger.info(
                    "archive put back from the trash: its purge was stopped before anything was removed",
                    metadata: ["archive": "\(archive)", "export": "\(share.address)"]
                )
            }
            for archive in try await share.finishAbandonedArchives(if: abandonment.isGone) {
                logger.notice(
                    "archive finished without its afterArchive hooks: its volume was removed",
                    metadata: ["archive": "\(archive)", "export": "\(share.address)"]
                )
            }
            for volume in withdrawn {
                logger.info(
                    "the claim was deleted while no controller ran; rolled back what was begun for it",
                    metadata: ["volume": "\(volume)", "export": "\(share.address)"]
                )
            }
            return true
        } catch {
            guard !Task.isCancelled else { return true }
            logger.warning(
                "failed to look for what was begun for deleted claims; will retry",
                metadata: ["export": "\(share.address)", "error": "\(error)"]
            )
            return false
        }
    }
}
