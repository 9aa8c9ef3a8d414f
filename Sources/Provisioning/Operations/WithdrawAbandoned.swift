import NFS

extension ShareConnection {
    /// Rolls back what killed controllers had begun for claims that were deleted before the next one started:
    /// directories that have always been empty, archives on their way into a volume, partial copies. Anything that may
    /// have been used stays.
    ///
    /// - Parameters:
    ///   - isKnown: Whether the cluster seems to have a volume of that name.
    ///   - isAbandoned: Whether it is certain that nobody needs what a record describes.
    ///   - take: Reserves the place of a record until it is given back; false if another volume is there or about to
    ///     be, which may have been given what was made for this one.
    ///   - giveBack: Frees the place again.
    /// - Returns: The names of the volumes that were rolled back.
    /// - Throws: `NFSError` if the share does not answer; what `isAbandoned` throws.
    func withdrawAbandoned(
        _ isKnown: (_ volume: String) -> Bool,
        if isAbandoned: (VolumeRecord) async throws -> Bool,
        take: (VolumeRecord, _ exportID: String) -> Bool,
        giveBack: (VolumeRecord) -> Void
    ) async throws -> [String] {
        try await open { share in
            try await AbandonedProvisions(share: share).withdraw(
                isKnown,
                if: isAbandoned,
                take: take,
                giveBack: giveBack
            )
        }
    }
}

/// Finds what was begun for claims that no controller knows any more.
struct AbandonedProvisions: ShareOperation {
    let share: OpenShare

    func withdraw(
        _ isKnown: (_ volume: String) -> Bool,
        if isAbandoned: (VolumeRecord) async throws -> Bool,
        take: (VolumeRecord, _ exportID: String) -> Bool,
        giveBack: (VolumeRecord) -> Void
    ) async throws -> [String] {
        var withdrawn: [String] = []
        for name in try await records.names(of: VolumeRecord.self) where !isKnown(name) {
            guard let record = try await ownRecord(name), try await isAbandoned(record),
                take(record, folder.exportID)
            else { continue }
            defer { giveBack(record) }
            do {
                guard try await hasNeverBeenUsed(record) else { continue }
                try await Withdraw(share: share).run(record)
                withdrawn.append(name)
            } catch is ShareError {
                // Something else is in its place; verification reports it.
                continue
            }
        }
        return withdrawn
    }

    /// - Returns: nil for what another cluster may need, what was released or archived, and what cannot be read, which
    ///   verification reports.
    private func ownRecord(_ name: String) async throws -> VolumeRecord? {
        do {
            guard let record = try await records.read(VolumeRecord.self, name), record.release == nil,
                let cluster = record.cluster, cluster == share.cluster,
                try await share.archiveIfPresent(name) == nil
            else { return nil }
            return record
        } catch is ShareError {
            return nil
        }
    }

    private func hasNeverBeenUsed(_ record: VolumeRecord) async throws -> Bool {
        switch (record.origin, record.restoredFrom) {
        case (.created, nil):
            return try await hasAlwaysBeenEmpty(record)
        case (.adopted, nil):
            // It only says what was intended, and rolling it back touches no directory.
            return record.directory == nil
        case (.restored, let request?) where request.mode == .move:
            guard let archive = try await share.archiveIfPresent(request.archive) else { return false }
            if archive.state == .archived, try await share.directoryIfPresent(of: archive) != nil { return true }
            if let restoredVolume = try await Restore.volume(restoredFrom: archive, on: share) {
                return restoredVolume.volume == record.volume
            }
            // The archive went to another volume before this one got it.
            guard archive.state == .restored, archive.restore?.volume != record.volume else { return false }
            return try await share.isAway(record)
        case (.restored, .some):
            let copy = try await export.lookupIfPresent(try NFSName(record.volume), in: folder.staging)
            return isThat(record.directory, copy)
        default:
            return false
        }
    }

    /// Whether nothing was ever in the directory: its time changes with every entry added or removed, and the record
    /// was written after it was made.
    private func hasAlwaysBeenEmpty(_ record: VolumeRecord) async throws -> Bool {
        let path = try VolumePath(recorded: record.path)
        guard let node = try await share.locate(path)?.node else { return true }
        let file = try await export.lookupIfPresent(
            try RecordStore.fileName(ofRecord: record.volume),
            in: folder.volumes
        )
        guard let file, isThat(record.directory, node) else {
            // An intent for a directory that another volume has by now.
            guard record.directory == nil else { return false }
            return try await share.index.volumes(records).contains { isThat($0.directory, node) }
        }
        return node.attributes.mtime <= file.attributes.mtime
    }
}

extension OpenShare {
    /// Whether the directory of a record is not at the record's path.
    func isAway(_ record: VolumeRecord) async throws -> Bool {
        !isThat(record.directory, try await locate(try VolumePath(recorded: record.path))?.node)
    }
}
