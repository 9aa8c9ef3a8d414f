import Kubernetes
import NFS

extension Share {
    /// Records read at the same time.
    private static var readsUnderWay: Int { 64 }

    /// Every archive of the share: those with a record, oldest first, then those without.
    ///
    /// - Returns: One entry an archive. What cannot be read is an entry too, and hides no other.
    package func catalogue() async throws -> [CatalogueEntry] {
        try await withFolder { folder in
            let recorded = try await recordedArchives(in: folder)
            let names = Set(recorded.compactMap(\.directoryName))
            let volumes = Set(try await recordNames(in: folder.volumes))
            var foreign: [CatalogueEntry] = []
            for try await entry in export.entries(of: folder.root.handle) {
                guard let name = entry.name.string, ArchiveName.isArchive(name), !names.contains(name),
                    !Self.isVolume(name, of: volumes)
                else { continue }
                foreign.append(.foreign(name: name))
            }
            return recorded.sorted { $0.order < $1.order } + foreign.sorted { $0.order < $1.order }
        }
    }

    /// The record of an archive.
    ///
    /// - Throws: ``ShareError`` if there is none, or it cannot be read.
    package func archive(_ id: String) async throws -> ArchiveRecord {
        try await withFolder { folder in try await archive(id, in: folder) }
    }

    func archive(_ id: String, in folder: ControllerFolder) async throws -> ArchiveRecord {
        guard (try? NFSName(id + ".json")) != nil, let record = try await read(ArchiveRecord.self, id, in: folder)
        else {
            throw ShareError("there is no archive \(id) on \(address): archive list shows those that are")
        }
        return record
    }

    private func recordedArchives(in folder: ControllerFolder) async throws -> [CatalogueEntry] {
        let ids = try await recordNames(in: folder.archives)
        return try await withThrowingTaskGroup(of: CatalogueEntry.self) { group in
            var entries: [CatalogueEntry] = []
            for (index, id) in ids.enumerated() {
                if index >= Self.readsUnderWay, let entry = try await group.next() { entries.append(entry) }
                group.addTask { try await self.entry(of: id, in: folder) }
            }
            for try await entry in group { entries.append(entry) }
            return entries
        }
    }

    /// The names of the records in a folder of them.
    func recordNames(in folder: FileHandle) async throws -> [String] {
        var names: [String] = []
        for try await entry in export.entries(of: folder) {
            guard let file = entry.name.string, file.hasSuffix(".json"), !file.hasPrefix(Export.temporaryPrefix) else {
                continue
            }
            names.append(String(file.dropLast(".json".count)))
        }
        return names
    }

    /// Whether a directory named like an archive is a volume's, in a namespace that is called `archived` (rule T5).
    private static func isVolume(_ name: String, of volumes: Set<String>) -> Bool {
        guard let start = name.ranges(of: "pvc-").last?.lowerBound else { return false }
        return volumes.contains(String(name[start...]))
    }

    private func entry(of id: String, in folder: ControllerFolder) async throws -> CatalogueEntry {
        do {
            return .archive(try await archive(id, in: folder))
        } catch let error as ShareError {
            return .unreadable(name: id, reason: error.description)
        }
    }
}

extension CatalogueEntry {
    /// The directory in the export's root that a record speaks of.
    fileprivate var directoryName: String? {
        guard case .archive(let record) = self, record.isOnShare else { return nil }
        return record.to
    }

    /// By time, then by name.
    fileprivate var order: (String, String) {
        switch self {
        case .archive(let record): (record.requestedAt.description, record.id)
        case .unreadable(let name, _), .foreign(let name): ("", name)
        }
    }
}
