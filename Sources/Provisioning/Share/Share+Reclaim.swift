import Kubernetes
import NFS

extension Share {
    /// Archives, deletes or leaves the directory of a released volume (rules R3 to R8). Nothing is renamed before the
    /// directory's identity has been compared with what the volume or its record remembers.
    ///
    /// - Parameters:
    ///   - plan: What is to happen, from the volume as the API server has it now.
    ///   - sharers: Other volumes on this directory or below it: the directory is then left alone (rule R8).
    ///   - deletesAdopted: Lets `delete` delete a directory that was there before its volume (rule S5).
    /// - Returns: What became of the directory, now or in an earlier run.
    /// - Throws: ``ShareError`` when nothing can be done safely, and was; `NFSError` when the share does not answer.
    package func reclaim(
        _ plan: ReclaimPlan,
        sharers: [String],
        deletesAdopted: Bool
    ) async throws -> ReclaimOutcome {
        try await withFolder { folder in
            let record = try await self.read(VolumeRecord.self, plan.volumeName, in: folder)
            if let release = record?.release, release.action == .retain { return .retained(reason: release.reason) }
            if let archive = try await self.read(ArchiveRecord.self, plan.volumeName, in: folder),
                let outcome = try await resume(archive, in: folder)
            {
                return outcome
            }
            guard let (parent, node) = try await locate(plan.path, in: folder) else {
                return try await missing(plan, record, in: folder)
            }
            try confirm(node, is: plan, record)
            let released = ReleasedDirectory(plan: plan, parent: parent, node: node, record: record)
            if !sharers.isEmpty {
                let reason = "volume \(sharers.sorted().joined(separator: ", ")) is on it or below it"
                return try await retain(released, reason: reason, in: folder)
            }
            switch plan.action ?? record?.releaseAction ?? .archive {
            case .retain:
                return try await retain(released, reason: nil, in: folder)
            case .delete where record?.origin != .adopted || deletesAdopted:
                return try await delete(released, in: folder)
            case .delete, .archive:
                return try await archive(released, in: folder)
            }
        }
    }

    private func confirm(_ node: Node, is plan: ReclaimPlan, _ record: VolumeRecord?) throws(ShareError) {
        guard let expected = plan.fileID ?? record?.directory?.fileID, expected != node.attributes.fileid else {
            return
        }
        throw ShareError(
            "\(plan.path) on \(address) is another directory than the one that was made for \(plan.volumeName)"
                + " (file id \(node.attributes.fileid), not \(expected)); nothing was touched: put the right one back, or,"
                + " if the share was restored from a copy, remove \(AnnotationKey.fileID) from the volume and"
                + " \(ControllerFolder.name)/volumes/\(plan.volumeName).json from the share"
        )
    }

    /// The directory is not at its place: removed half-way by an earlier run, or gone (rule R4).
    private func missing(
        _ plan: ReclaimPlan,
        _ record: VolumeRecord?,
        in folder: ControllerFolder
    ) async throws -> ReclaimOutcome {
        if let release = record?.release, release.action == .delete {
            try await emptyTrash(of: plan, in: folder)
            return .deleted
        }
        try await confirmIdentity(of: folder)
        guard let known = plan.exportID else {
            throw ShareError(
                "\(plan.path) is not on \(address), and nothing tells whether that is the share it was made on;"
                    + " if the data is known to be gone, set the volume's reclaim policy to Retain and delete the volume"
            )
        }
        guard known == folder.exportID else {
            throw ShareError(
                "\(plan.path) is not on \(address), which is not the share it was made on: export the right one"
            )
        }
        return .alreadyGone
    }

    // MARK: Retain

    private func retain(
        _ released: ReleasedDirectory,
        reason: String?,
        in folder: ControllerFolder
    ) async throws -> ReclaimOutcome {
        try await audit.append(released.entry(.retained, reason: reason ?? "onDelete is retain"), to: folder)
        try await write(released.record(releasedAs: .retain, reason: reason), in: folder)
        return .retained(reason: reason)
    }

    // MARK: Delete

    private func delete(_ released: ReleasedDirectory, in folder: ControllerFolder) async throws -> ReclaimOutcome {
        let plan = released.plan
        let trashName = try NFSName(plan.volumeName)
        try await write(released.record(releasedAs: .delete, reason: nil), in: folder)
        // Whatever an earlier run left there is trash already.
        try await emptyTrash(of: plan, in: folder)
        try await export.rename(plan.path.basename, in: released.parent, to: trashName, in: folder.trash)
        try await audit.append(released.entry(.deleted, reason: "onDelete is delete"), to: folder)
        try await emptyTrash(of: plan, in: folder)
        return .deleted
    }

    private func emptyTrash(of plan: ReclaimPlan, in folder: ControllerFolder) async throws {
        let name = try NFSName(plan.volumeName)
        guard try await export.lookupIfPresent(name, in: folder.trash) != nil else { return }
        _ = try await export.removeTree(name, in: folder.trash)
    }
}
