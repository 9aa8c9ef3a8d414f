import Kubernetes
import NFS

extension ShareConnection {
    /// Every archive of the share: those with a record, oldest first, then those without.
    ///
    /// - Returns: One entry per archive. An unreadable record is an entry too, and hides no other.
    package func catalogue() async throws -> [CatalogueEntry] {
        try await open { share in try await share.catalogue() }
    }

    /// The record of an archive.
    ///
    /// - Throws: ``ShareError`` if there is none, or it cannot be read.
    package func archive(_ id: String) async throws -> ArchiveRecord {
        try await open { share in try await share.archive(id) }
    }

    /// The record of an archive that may not exist.
    ///
    /// - Returns: nil if there is none, or `id` is not a valid id.
    /// - Throws: ``ShareError`` if it cannot be read.
    package func archiveIfPresent(_ id: String) async throws -> ArchiveRecord? {
        try await open { share in try await share.archiveIfPresent(id) }
    }
}

extension OpenShare {
    func catalogue() async throws -> [CatalogueEntry] {
        let recorded = try await withHolds(try await index.readArchives(records)).map(CatalogueEntry.init)
        let names = Set(recorded.compactMap(\.directoryName))
        let volumes = Set(try await records.names(of: VolumeRecord.self))
        var foreign: [CatalogueEntry] = []
        for try await entry in export.entries(of: folder.root.handle) {
            guard let name = entry.name.string, ArchiveName.isArchive(name), !names.contains(name),
                !Self.isVolume(name, of: volumes)
            else { continue }
            foreign.append(.foreign(name: name))
        }
        let catalogue = recorded.sorted(by: CatalogueEntry.isEarlier) + foreign.sorted(by: CatalogueEntry.isEarlier)
        report(catalogue)
        return catalogue
    }

    /// Archives with the holds that have files of their own. A hold that cannot be read counts: it keeps the archive.
    private func withHolds(_ archives: [ListedRecord<ArchiveRecord>]) async throws -> [ListedRecord<ArchiveRecord>] {
        let files = try await records.files(of: HoldRecord.self)
        let holds = Dictionary(grouping: try await records.read(files, of: HoldRecord.self)) {
            HoldRecord.archive(of: $0.name)
        }
        return archives.map { listed in
            guard case .record(var record) = listed.entry, let holds = holds[record.id] else { return listed }
            record.take(holds.map(\.listed.entry))
            return ListedRecord(entry: .record(record), writtenAt: listed.writtenAt)
        }
    }

    func archive(_ id: String) async throws -> ArchiveRecord {
        guard let record = try await archiveIfPresent(id) else {
            throw ShareError("there is no archive \(id) on \(address); archive list shows those that exist")
        }
        return record
    }

    func archiveIfPresent(_ id: String) async throws -> ArchiveRecord? {
        guard (try? NFSName(id + ".json")) != nil else { return nil }
        guard var record = try await records.read(ArchiveRecord.self, id) else { return nil }
        record.take(try await holds(on: id).map(\.entry))
        return record
    }

    /// The holds on an archive that have files of their own.
    func holds(on id: String) async throws -> [(name: String, entry: RecordEntry<HoldRecord>)] {
        let files = try await records.files(of: HoldRecord.self).filter { HoldRecord.archive(of: $0.name) == id }
        return try await records.read(files, of: HoldRecord.self).map { ($0.name, $0.listed.entry) }
    }

    /// Whether a directory named like an archive is a volume's, in a namespace called `archived` (T5: a volume is no
    /// archive).
    private static func isVolume(_ name: String, of volumes: Set<String>) -> Bool {
        guard let start = name.ranges(of: "pvc-").last?.lowerBound else { return false }
        return volumes.contains(String(name[start...]))
    }
}

extension CatalogueEntry {
    /// The directory in the export's root that a record refers to.
    fileprivate var directoryName: String? {
        guard case .archive(let record, _) = self, record.isOnShare else { return nil }
        return record.to
    }

    fileprivate init(_ listed: ListedRecord<ArchiveRecord>) {
        switch listed.entry {
        case .record(let record): self = .archive(record, writtenAt: listed.writtenAt)
        case .misnamed(_, let name, let reason), .unreadable(let name, let reason):
            self = .unreadable(name: name, reason: reason)
        }
    }

    /// By time, then by name.
    fileprivate static func isEarlier(_ one: CatalogueEntry, than other: CatalogueEntry) -> Bool {
        (one.order.time, one.order.name) < (other.order.time, other.order.name)
    }

    private var order: (time: Int64, name: String) {
        switch self {
        case .archive(let record, _): (record.requestedAt.seconds, record.id)
        case .unreadable(let name, _), .foreign(let name): (.min, name)
        }
    }
}

/// Entry of a share's catalogue of archives.
package enum CatalogueEntry: Sendable, Hashable {
    /// - Parameter writtenAt: When the record's file was last written, by the server's clock; nil: unknown.
    case archive(ArchiveRecord, writtenAt: Timestamp? = nil)
    /// A record that cannot be read, and why.
    case unreadable(name: String, reason: String)
    /// A directory named like an archive that no record refers to: another provisioner's, or one whose record is lost
    /// (T5: archives without records are listed).
    case foreign(name: String)
}
