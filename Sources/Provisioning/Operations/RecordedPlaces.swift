import Kubernetes
import NFS

/// Volumes' places according to the share's own records. The records of other clusters and of other provisioners count
/// too, not only the volumes that this cluster's API server knows.
struct RecordedPlaces: ShareOperation {
    let share: OpenShare

    /// Checks that no unreleased volume is at, below or around the place of a plan whose path the class chose.
    ///
    /// - Parameters:
    ///   - plan: The volume to make. A standard path contains the claim's uid, so no other volume has it.
    ///   - present: The directory at the path: a server that folds case finds it under another name too.
    ///   - support: Tells which volumes nothing in this cluster needs any more.
    /// - Throws: ``ShareError`` naming the volume.
    func requireFree(for plan: ProvisioningPlan, _ present: Node?, _ support: RestoreSupport) async throws {
        guard plan.pathIsChosen else { return }
        for volume in try await share.index.volumes(records)
        where volume.name != plan.volumeName && volume.release != .retain
            && touches(volume.path, volume.directory, plan, present)
        {
            guard let record = try await records.read(VolumeRecord.self, volume.name),
                touches(record.path, record.directory, plan, present), try await !hasLeft(record)
            else { continue }
            let isOurs = record.cluster != nil && record.cluster == share.cluster
            if isOurs, try await support.isAbandoned(record.volume, record.claim) { continue }
            let volume = "volume \(record.volume)" + (isOurs ? "" : " of another cluster")
            // Whoever removed the record of one on its way would take the protection off its directory.
            let isOnItsWay = try await isBeingMade(record)
            guard record.release == nil, !isOnItsWay else {
                let stage = isOnItsWay ? "made" : "released"
                throw ShareError("directory \(plan.path) on \(address): \(volume) is being \(stage) there; will retry")
            }
            throw ShareError(
                "directory \(plan.path) on \(address) is, contains or lies within that of \(volume)"
                    + "; nothing was touched; change the class' pathPattern, or,"
                    + " if that volume is gone for good, remove \(ControllerFolder.name)/volumes/\(record.volume).json"
            )
        }
    }

    /// Whether a released volume's directory is no longer at its path: archived, deleted, or given up by its class. Until
    /// then its cluster may move it at any moment, whatever lies in it.
    private func hasLeft(_ record: VolumeRecord) async throws -> Bool {
        switch record.release?.action {
        case .retain: return true
        case .archive, .delete:
            let found = try await share.locate(try VolumePath(recorded: record.path))
            guard let found else { return true }
            return record.directory != nil && !isThat(record.directory, found.node)
        case nil:
            // A controller that was killed right after it archived the volume leaves such a record.
            guard let archive = try await records.read(ArchiveRecord.self, record.volume) else { return false }
            return archive.state != .intent && archive.claim?.uid == record.claim?.uid
        }
    }

    /// Unreleased volumes of other clusters that the share's records have on a released volume's directory, or below
    /// it. This cluster's API server does not know them.
    ///
    /// - Throws: ``ShareError`` while another cluster's controller finds out that it cannot have the path: its record says
    ///   so before it checks whose the path is (S9: one of two clusters gets it).
    func otherVolumes(of plan: ReclaimPlan, _ node: Node) async throws -> [String] {
        // A standard path contains the volume's name, so no other volume has it.
        guard !plan.path.description.contains(plan.volumeName) else { return [] }
        var names: [String] = []
        for volume in try await share.index.volumes(records)
        where volume.name != plan.volumeName && volume.release == nil && volume.cluster != nil
            && volume.cluster != share.cluster
            && (isThat(volume.directory, node) || "\(volume.path)/".utf8.starts(with: "\(plan.path)/".utf8))
        {
            guard let record = try await records.read(VolumeRecord.self, volume.name), record.release == nil,
                try await !hasLeft(record), try await !isElsewhere(record)
            else { continue }
            guard try await !isBeingMade(record) else {
                throw ShareError(
                    "\(plan.path) on \(address): volume \(volume.name) of another cluster wants this path; will retry"
                )
            }
            names.append("\(volume.name) of another cluster")
        }
        return names
    }

    /// Whether a record without a directory is that of a volume on its way: younger than ten minutes.
    private func isBeingMade(_ record: VolumeRecord) async throws -> Bool {
        guard record.directory == nil else { return false }
        // Removed meanwhile, it was a volume on its way, too.
        guard let written = try await records.writtenAt(record) else { return true }
        return try await Int64(share.serverTime().seconds) - written.seconds < 600
    }

    /// Whether a volume's directory is still an archive, or a copy of one that is being made: it gets its path only once
    /// that is free.
    private func isElsewhere(_ record: VolumeRecord) async throws -> Bool {
        guard record.origin == .restored else { return false }
        return try await share.isAway(record)
    }

    private func touches(
        _ path: String,
        _ directory: DirectoryIdentity?,
        _ plan: ProvisioningPlan,
        _ present: Node?
    ) -> Bool {
        if isThat(directory, present) { return true }
        let (one, other) = (Array("\(plan.path)/".utf8), Array("\(path)/".utf8))
        return one.starts(with: other) || other.starts(with: one)
    }

    /// Records as lost, once, the archives whose file id a new directory has: the id was free, so they are gone.
    func noteLost(whereverIs made: Node) async throws {
        for id in share.index.archivesSeen(withFileID: made.attributes.fileid) {
            // If this fails, the loss shows when the archive is looked for.
            _ = try? await share.withArchive(id) { record in
                guard try await isLost(record, made) else { return }
                let fileID = made.attributes.fileid
                let reason = "its directory was removed by hand: file id \(fileID) belongs to a new directory"
                try await share.noteLost(record, reason)
            }
        }
    }

    /// Whether an archive is lost. Nothing may lie where it could be: a share restored from a copy has new file ids
    /// everywhere.
    private func isLost(_ archive: ArchiveRecord, _ made: Node) async throws -> Bool {
        guard archive.directory.fileID == made.attributes.fileid,
            archive.directory.folderHandle == nil || archive.directory.folderHandle == identity(of: made).folderHandle,
            Lifecycle.transition(from: archive.state.lifecycle, on: .foundLost) != nil
        else { return false }
        let trash = try await export.lookupIfPresent(try NFSName(archive.id), in: folder.trash)
        let place = try await export.lookupIfPresent(try NFSName(archive.to), in: folder.root.handle)
        return trash == nil && place == nil
    }
}
