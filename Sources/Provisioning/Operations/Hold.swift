import Kubernetes
import NFS

extension ShareConnection {
    /// Keeps an archive from being purged or moved, until the hold is released.
    ///
    /// - Throws: ``ShareError`` if there is no such archive, or it is being purged or restored.
    package func hold(_ id: String, reason: String) async throws {
        try await open { share in try await Hold(share: share, id: id).place(reason: reason) }
    }

    /// - Throws: ``ShareError`` if the archive is not held.
    package func releaseHold(_ id: String, reason: String) async throws {
        try await open { share in try await Hold(share: share.withReserve, id: id).release(reason: reason) }
    }
}

/// Places and releases the hold on an archive.
///
/// A purge or a restore in another process moves the directory first and then looks for a hold. This writes the hold
/// first and then looks for the directory, so at least one of the two sees the other.
struct Hold {
    let share: OpenShare
    let id: String

    func place(reason: String) async throws {
        let found = try await share.archive(id)
        try await requireThere(found)
        try await share.audit.append(AuditEntry(.held, found, path: found.to, reason: reason))
        let token = String(share.export.randomNumber(), radix: 16)
        let hold = HoldRecord(archive: id, token: token, reason: reason, at: .now)
        try await share.records.write(hold, isOurs: true)
        do {
            try await requireThere(try await share.archive(id))
        } catch let error as ShareError {
            // Remove only this hold: another may have been in time.
            try await share.records.remove(HoldRecord.self, hold.recordName)
            throw error
        }
    }

    /// Releases the holds that exist when it begins.
    func release(reason: String) async throws {
        let holds = try await share.holds(on: id).map(\.name)
        let found = try await share.archive(id)
        try found.requireHoldChange(isPlaced: false, on: share.address)
        guard let hold = found.hold else { return }
        try await share.audit.append(AuditEntry(.holdReleased, found, path: found.to, reason: reason))
        if !hold.isFile {
            let end = HoldRecord(archive: id, token: HoldRecord.endOfRecorded, reason: hold.reason, at: hold.at)
            try await share.records.write(end)
        }
        for name in holds where name != "\(id)~\(HoldRecord.endOfRecorded)" {
            try await share.records.remove(HoldRecord.self, name)
        }
    }

    /// - Throws: ``ShareError`` if a hold can no longer keep the archive.
    private func requireThere(_ archive: ArchiveRecord) async throws {
        try archive.requireHoldChange(isPlaced: true, on: share.address)
        guard archive.state == .archived else { return }
        if try await !share.isInTrash(archive), try await share.directoryIfPresent(of: archive) != nil { return }
        throw ShareError(
            "archive \(id) on \(share.address): it is being purged or restored, or was removed by hand;"
                + " it can no longer be held"
        )
    }
}
