import Foundation
import Kubernetes
import Provisioning

/// All that is on a share but what tenants wrote, as the server has it.
struct ShareContents {
    let folder: URL
    /// The names in the root, but for the controller's folder.
    let root: Set<String>
    private(set) var volumes: [String: VolumeRecord] = [:]
    private(set) var archives: [String: ArchiveRecord] = [:]
    let trash: [String]
    let staging: [String]
    /// Files that are not what they should be.
    private(set) var flaws: [String] = []
    private let audit: [AuditEntry]

    init(_ folder: URL) throws {
        self.folder = folder
        root = Set(try Self.names(in: folder)).subtracting([".sb-nfs-provisioner"])
        let own = folder.appending(path: ".sb-nfs-provisioner")
        trash = try Self.names(in: own.appending(path: "trash"))
        staging = try Self.names(in: own.appending(path: "staging"))
        audit = try Self.auditLines(on: folder)
        var flaws: [String] = []
        func records<Record: Decodable>(_ name: String, _ type: Record.Type) throws -> [String: Record] {
            let place = own.appending(path: name)
            var records: [String: Record] = [:]
            for file in try Self.names(in: place) where file.hasSuffix(".json") && !file.hasPrefix(".") {
                do {
                    let data = try Data(contentsOf: place.appending(path: file))
                    records[String(file.dropLast(5))] = try JSONDecoder().decode(type, from: data)
                } catch {
                    flaws.append("\(name)/\(file): \(error)")
                }
            }
            return records
        }
        volumes = try records("volumes", VolumeRecord.self)
        archives = try records("archives", ArchiveRecord.self)
        self.flaws = flaws
        // Each hold has a file of its own: `<archive>~<token>.json`.
        for name in names(in: ".sb-nfs-provisioner/holds") where name.hasSuffix(".json") {
            guard let archive = name.split(separator: "~").first.map(String.init) else { continue }
            archives[archive]?.hold = ArchiveRecord.Hold(reason: name, at: .now)
        }
    }

    /// What the audit log tells of a volume, or of the volume that an archive was.
    func actions(of id: String) -> Set<AuditEntry.Action> {
        let volume = archives[id]?.volumeName ?? id
        return Set(audit.filter { $0.volume == volume }.map(\.action))
    }

    /// The name in the root that a directory is, or lies below.
    func entry(of directory: URL) -> String {
        entry(of: String(directory.path().dropFirst(folder.path().count)))
    }

    /// The same for a path below the root.
    func entry(of path: String) -> String {
        path.split(separator: "/").first.map(String.init) ?? ""
    }

    /// What is in a folder below the root; nothing if it is not there.
    func names(in path: String) -> Set<String> {
        Set((try? Self.names(in: folder.appending(path: path))) ?? [])
    }

    /// The record of one archive.
    static func archive(_ id: String, on folder: URL) -> ArchiveRecord? {
        let file = folder.appending(path: ".sb-nfs-provisioner/archives/\(id).json")
        return (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(ArchiveRecord.self, from: $0) }
    }

    /// The archive that was made of a copy of another, or that other.
    static func archive(copiedFrom id: String, on folder: URL) -> ArchiveRecord? {
        let ids = (try? names(in: folder.appending(path: ".sb-nfs-provisioner/archives"))) ?? []
        return ids.compactMap { archive(String($0.dropLast(".json".count)), on: folder) }
            .filter { ($0.copyOf ?? $0.id) == id && $0.state == .archived && $0.isThere(on: folder) }
            .max { ($0.archivedAt ?? $0.requestedAt) < ($1.archivedAt ?? $1.requestedAt) }
    }

    private static func names(in folder: URL) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder.path()) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path())
    }

    /// The lines of all writers. A line that was cut short by a crash is none.
    static func auditLines(on folder: URL) throws -> [AuditEntry] {
        let place = folder.appending(path: ".sb-nfs-provisioner/audit")
        return try names(in: place).flatMap { name in
            let text = try String(contentsOf: place.appending(path: name), encoding: .utf8)
            return text.split(separator: "\n").compactMap {
                try? JSONDecoder().decode(AuditEntry.self, from: Data($0.utf8))
            }
        }
    }
}

extension TortureBed {
    func auditLines(on share: TortureShare) throws -> [AuditEntry] { try ShareContents.auditLines(on: root(of: share)) }
}

extension ArchiveRecord {
    func isThere(on folder: URL) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: to).path()) }

    /// Whether it was written while a clock was ahead.
    var hasFutureTime: Bool {
        let now = Int64(Date.now.timeIntervalSince1970)
        return [requestedAt, archivedAt, releasedAt].contains { $0.map { $0.seconds > now + 60 } ?? false }
    }
}
