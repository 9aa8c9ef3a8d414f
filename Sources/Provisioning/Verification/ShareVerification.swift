import Kubernetes
import NFS

/// Comparison of a share with its records, and of both with the cluster: a function of what was read.
package struct ShareVerification: Sendable {
    /// Anything younger than this, in seconds, may still be in progress, and does not count as left over.
    static let grace: Int64 = 3600

    /// Problems first, then by kind and subject.
    package private(set) var findings: [Finding] = []

    let inventory: ShareInventory
    let cluster: VolumesOnShare?
    private let others: Set<NFSName>
    let now: Timestamp
    let volumeRecords: [String: VolumeRecord]
    let archiveRecords: [String: ArchiveRecord]
    /// The names of volumes' records that cannot be read.
    let unreadableVolumes: Set<String>
    let steadyVolumes: Set<String>
    private var noted: Set<[String]> = []

    /// - Parameters:
    ///   - inventory: What is on the share.
    ///   - cluster: The cluster's volumes; nil leaves out everything that needs them.
    ///   - others: Names in the export's root that are known for something else, such as other exports and copies.
    ///   - now: The time that ages are measured from.
    package init(
        of inventory: ShareInventory,
        cluster: VolumesOnShare?,
        others: Set<NFSName> = [],
        now: Timestamp
    ) {
        self.inventory = inventory
        self.others = others
        self.cluster = cluster
        self.now = now
        func byName<Record: ShareRecord>(_ entries: [RecordEntry<Record>]) -> [String: Record] {
            Dictionary(entries.compactMap(\.readable).map { ($0.recordName, $0) }) { first, _ in first }
        }
        volumeRecords = byName(inventory.volumes)
        archiveRecords = byName(inventory.archives)
        unreadableVolumes = Set(
            inventory.volumes.compactMap { entry in
                if case .unreadable(let name, _) = entry { name } else { nil }
            }
        )
        steadyVolumes = Set((cluster?.volumes ?? []).map(\.name))
        judge()
    }

    package var isClusterAsked: Bool { cluster != nil }
    /// The number of volumes' records that can be read.
    package var volumeCount: Int { volumeRecords.count }
    /// The number of readable records of archives that are on the share.
    package var archiveCount: Int { archiveRecords.values.count { $0.isOnShare } }

    private mutating func judge() {
        judgeEntries(inventory.volumes, folder: .volumes)
        judgeEntries(inventory.archives, folder: .archives)
        judgeVolumeRecords()
        judgeClusterVolumes()
        judgeArchives()
        judgeDirectories()
        judgeLeftovers()
        if cluster == nil {
            let message =
                "the cluster was not asked: volumes without a record or a directory are not listed,"
                + " and directories without a record may be in use"
            note(.info, .clusterNotAsked, "cluster", message)
        }
        findings.sort { one, other in
            (one.level == .info ? 1 : 0, one.kind.rawValue, one.subject)
                < (other.level == .info ? 1 : 0, other.kind.rawValue, other.subject)
        }
    }

    mutating func note(_ level: Finding.Level, _ kind: Finding.Kind, _ subject: String, _ message: String) {
        // A volume and its record may both lead to it.
        guard noted.insert([level.rawValue, kind.rawValue, subject]).inserted else { return }
        findings.append(Finding(level: level, kind: kind, subject: subject, message: message))
    }

    /// Whether something is so old that it cannot be in progress any more.
    func isSettled(_ time: Timestamp) -> Bool { now.seconds - time.seconds > Self.grace }

    private mutating func judgeEntries<Record: ShareRecord>(_ entries: [RecordEntry<Record>], folder: RecordFolder) {
        for entry in entries {
            switch entry {
            case .record: continue
            case .misnamed(_, let name, let reason):
                note(.problem, .misnamedRecord, "\(folder.rawValue)/\(name)", reason)
            case .unreadable(let name, let reason):
                note(.problem, .unreadableRecord, "\(folder.rawValue)/\(name)", reason)
            }
        }
    }

    // MARK: Directories

    private mutating func judgeDirectories() {
        let explained = inventory.explained(by: cluster?.volumes.map(\.path) ?? []).union(others)
        for name in inventory.directories where !explained.contains(name) && !ShareInventory.isOfSystem(name) {
            let text = name.description
            if ArchiveName.isArchive(text) {
                note(
                    .info,
                    .foreignArchive,
                    text,
                    "it is named like an archive but has no record: another provisioner made it, or its record is lost;"
                        + " nothing purges it"
                )
            } else if !unreadableVolumes.contains(where: text.hasSuffix) {
                noteOrphan(text, inventory.unexplained[name] ?? .files)
            }
        }
    }

    private mutating func noteOrphan(_ name: String, _ contents: ShareInventory.Contents) {
        let isAsked = cluster != nil
        let (level, what): (Finding.Level, String) =
            switch contents {
            case .files: (isAsked ? .problem : .info, "find its owner, then move it away or remove it")
            case .noFiles:
                (.info, "no file is in it; remove it only if no volume of another cluster or provisioner is on it")
            case .export: (.info, "it looks like another export: add it to additionalExports")
            case .copies: (.info, "it holds copies of volumes; a hook's destination is known by the configuration")
            }
        let nobody =
            isAsked ? "no record, volume or archive refers to this directory" : "no record refers to this directory"
        note(level, .orphan, name, "\(nobody); \(what)")
    }

    // MARK: Left over

    private mutating func judgeLeftovers() {
        for name in inventory.trash { judgeTrash(name.description) }
        for name in inventory.staging {
            if let id = ArchiveCopy.id(ofStaging: name.description) {
                let message = "a copy is being unpacked; if no command is running, copy restore \(id) starts again"
                note(.info, .staging, name.description, message)
                continue
            }
            let archive = volumeRecords[name.description]?.restoredFrom.map { "of the archive \($0.archive) " } ?? ""
            note(
                .info,
                .staging,
                name.description,
                "a copy \(archive)is being made; if no claim waits for it any more, remove it from"
                    + " \(ControllerFolder.name)/staging by hand"
            )
        }
        for path in inventory.temporaries {
            note(
                .info,
                .temporaryFile,
                path,
                "a write is in progress, or a crash interrupted it; you can remove a file older than a day"
            )
        }
    }

    private mutating func judgeTrash(_ name: String) {
        if let archive = archiveRecords[name], archive.state == .archived {
            note(
                .problem,
                .trash,
                name,
                "a purge of the archive is starting, or was interrupted before it removed anything:"
                    + " archive purge \(name) continues it, or puts the directory back if it is held"
            )
        } else if let archive = archiveRecords[name], archive.state == .purging, let purge = archive.purge {
            note(
                isSettled(purge.requestedAt) ? .problem : .info,
                .trash,
                name,
                "the archive is being purged, or its purge was interrupted: archive purge \(name) continues it"
            )
        } else if let cluster, !cluster.names.contains(name), volumeRecords[name].map(isOfThisCluster) ?? true {
            note(
                .problem,
                .trash,
                name,
                "a deletion was interrupted, and nothing will finish it: remove the rest from"
                    + " \(ControllerFolder.name)/trash by hand"
            )
        } else {
            note(.info, .trash, name, "it is being deleted")
        }
    }
}
