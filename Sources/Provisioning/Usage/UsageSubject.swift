import ControllerKit
import Kubernetes
import NFS

/// Directory of a volume or an archive that is measured periodically.
package struct UsageSubject: Sendable, Hashable {
    package let tree: MeasurableTree
    /// The directory's file id; nil if unknown.
    package let fileID: UInt64?
    /// When it became an archive, whose data no longer changes; nil for a volume.
    package let archivedAt: Timestamp?

    package init(tree: MeasurableTree, fileID: UInt64?, archivedAt: Timestamp? = nil) {
        self.tree = tree
        self.fileID = fileID
        self.archivedAt = archivedAt
    }

    package var name: String { tree.name }

    /// Whether the directory is due to be measured: a volume every interval, an archive once, and again every month.
    ///
    /// - Parameters:
    ///   - latest: The newest sample of it.
    ///   - interval: How old a volume's sample may be, in seconds.
    ///   - now: The time that ages are measured from.
    /// - Returns: Also true for a sample from the future, which shows that the clock was wrong.
    package func isDue(latest: UsageSample?, interval: Int64, now: Timestamp) -> Bool {
        guard let latest, latest.at <= now else { return true }
        let age = now.seconds - latest.at.seconds
        guard let archivedAt else { return age >= interval }
        return latest.at < archivedAt || age >= max(interval, Self.month)
    }

    private static let month: Int64 = 30 * 86_400
}

extension ShareVerification {
    /// The volumes and archives of this cluster whose directories are in their places, each name once.
    package var usageSubjects: [UsageSubject] {
        let inCluster = Dictionary((cluster?.volumes ?? []).map { ($0.name, $0) }) { first, _ in first }
        var subjects: [String: UsageSubject] = [:]
        for tree in trees {
            switch tree.kind {
            case .archive:
                guard let record = archiveRecords[tree.name], isOurs(record.cluster) else { continue }
                subjects[tree.name] = UsageSubject(
                    tree: tree,
                    fileID: record.directory.fileID,
                    archivedAt: record.archivedAt ?? record.requestedAt
                )
            case .volume:
                let (volume, record) = (inCluster[tree.name], volumeRecords[tree.name])
                guard volume != nil || isOurs(record?.cluster) else { continue }
                subjects[tree.name] = UsageSubject(tree: tree, fileID: record?.directory?.fileID ?? volume?.fileID)
            }
        }
        return subjects.values.sorted { $0.name < $1.name }
    }

    /// The names of volumes, and of archives that they became, that still exist as far as can be told: their usage is
    /// worth remembering.
    package var usageNames: Set<String> {
        let unreadableArchives = inventory.archives.compactMap { entry in
            if case .unreadable(let name, _) = entry { name } else { nil }
        }
        return (cluster?.names ?? []).union(unreadableVolumes).union(unreadableArchives)
            .union(volumeRecords.values.filter { !hasLeft($0) }.map(\.volume))
            .union(archiveRecords.values.filter(\.isOnShare).map(\.id))
    }

    private func isOurs(_ cluster: String?) -> Bool { cluster == nil || cluster == self.cluster?.id }
}

extension ClusterView {
    /// The claim that a volume is bound to; nil if there is none, or it is gone.
    package func claim(of volume: PersistentVolume) -> PersistentVolumeClaim? {
        guard let reference = volume.spec?.claimRef, let namespace = reference.namespace, let name = reference.name,
            let claim = claims[ObjectKey(namespace: namespace, name: name)], claim.metadata.uid == reference.uid
        else { return nil }
        return claim
    }

    /// The storage that a volume's claim requests, or the volume's capacity if the claim is gone.
    package func request(of volume: PersistentVolume) -> Quantity? {
        claim(of: volume)?.spec?.resources?.requests?["storage"] ?? volume.spec?.capacity?["storage"]
    }
}
