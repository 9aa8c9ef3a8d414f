import Kubernetes
import NFS

import struct Foundation.Date

/// A share's archives, and how its server's clock compares with ours, which the ages of archives depend on.
package struct DatedCatalogue: Sendable {
    package let entries: [CatalogueEntry]
    /// Taken after the archives were read, so that no time in a record is later.
    package let clock: ClockObservation
}

extension ShareConnection {
    /// Reads every archive of the share, and compares the server's clock with ours.
    ///
    /// - Parameter ourTime: Our clock, in seconds since 1970.
    /// - Returns: The archives and the comparison.
    /// - Throws: As ``catalogue()``; `NFSError` if nothing can be written.
    package func datedCatalogue(
        ourTime: @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) async throws -> DatedCatalogue {
        try await open { share in
            let entries = try await share.catalogue()
            return DatedCatalogue(entries: entries, clock: try await share.compareClocks(ourTime))
        }
    }

    /// Reads an archive's record again, to see whether it still is an archive.
    ///
    /// - Returns: The record, and when its file was last written by the server's clock; nil if there is no such archive
    ///   any more, or its directory is not in its place.
    /// - Throws: ``ShareError`` if the record cannot be read; `NFSError` when the server does not answer.
    package func standingArchive(_ id: String) async throws -> (record: ArchiveRecord, writtenAt: Timestamp)? {
        try await open { share in
            guard let found = try await share.records.readWithTime(ArchiveRecord.self, id),
                found.record.state == .archived,
                try await share.holds(found.record)
            else { return nil }
            return found
        }
    }
}

extension OpenShare {
    func compareClocks(_ ourTime: @Sendable () -> Double) async throws -> ClockObservation {
        let before = ourTime()
        let server = try await serverTime()
        return ClockObservation(before: before, server: server.secondsSince1970, after: ourTime())
    }

    /// The current time by the server's clock.
    func serverTime() async throws -> FileTime {
        do {
            return try await timeOfNewFile()
        } catch let error as NFSError where error.code == .noSpace {
            // A full share most needs its archives purged, and a change of attributes takes no room.
            return try await timeOfChange()
        }
    }

    private func timeOfNewFile() async throws -> FileTime {
        let token = String(UInt64.random(in: .min ... .max), radix: 16)
        // Named like a record that is being written: `archive verify` reports it if a crash leaves it behind.
        let name = try NFSName("\(Export.temporaryPrefix)\(token)")
        let made: Result<Node, NFSError>
        do {
            made = .success(try await export.createFile(name, in: folder.archives, mode: 0o600))
        } catch {
            made = .failure(error)
        }
        // A cancelled task sends no changes, but the file must be removed, even if no answer said that it was made.
        await Task { [export, folder] in try? await export.remove(name, in: folder.archives) }.value
        return try made.get().attributes.mtime
    }

    /// The server's time, from a change of attributes that leaves them as they are.
    func timeOfChange() async throws -> FileTime {
        try await export.setAttributes(of: folder.staging, mode: 0o700)
        return try await export.attributes(of: folder.staging).ctime
    }

    /// Whether an archive's directory is in its place.
    fileprivate func holds(_ archive: ArchiveRecord) async throws -> Bool {
        let node = try await export.lookupIfPresent(try NFSName(archive.to), in: folder.root.handle)
        return node?.attributes.type == .directory && node?.attributes.fileid == archive.directory.fileID
    }
}

extension FileTime {
    fileprivate var secondsSince1970: Double { Double(seconds) + Double(nanoseconds) / 1e9 }
}
