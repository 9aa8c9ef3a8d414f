import Foundation
import Kubernetes
import Testing

@testable import Provisioning

/// A share written by commit 45a67de, unpacked for a test: holds had no files of their own then, and records no handles.
///
/// `Resources/EarlierShare` is that share as a controller and three commands of that version left it; the controller was
/// killed at the end. Each volume and archive goes by the name of its claim, which says what became of it, and holds a
/// file with `data of` and that name. The test changes nothing but the file ids in the records, to those of the new
/// directories, as after a share was moved to another file system. One record was edited by hand: `restoring` was
/// `restored`, and has the state now that a withdrawal passes through.
struct EarlierShare {
    /// What `export.json` says.
    static let exportID = "751a7ba9-d295-4c0f-83fd-df0bdaf09bfd"
    /// The cluster whose controller wrote it.
    static let cluster = "7ee7a067-047e-4b9e-9d63-e076855195d0"

    let fixture: ShareFixture
    /// The volumes and archives by the names of their claims. A volume and the archive it becomes share a name.
    private let ids: [String: String]

    static func run(_ body: (EarlierShare) async throws -> Void) async throws {
        try await ShareFixture.run(expectedIDs: [exportID], cluster: cluster) { fixture in
            try await body(try EarlierShare(on: fixture))
        }
    }

    private init(on fixture: ShareFixture) throws {
        self.fixture = fixture
        let files = FileManager.default
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Resources/EarlierShare")
        for name in try files.contentsOfDirectory(atPath: source.path()) {
            try files.copyItem(at: source.appending(path: name), to: fixture.url(name))
        }
        // Empty, so that a checkout has none.
        let staging = fixture.url(".sb-nfs-provisioner/staging")
        try files.createDirectory(at: staging, withIntermediateDirectories: false)
        ids = try Self.adoptDirectories(on: fixture)
    }

    func id(_ claim: String) throws -> String { try #require(ids[claim], "no claim \(claim)") }

    func archive(_ claim: String) throws -> ArchiveRecord {
        try #require(try fixture.record(ArchiveRecord.self, try id(claim)))
    }

    func volume(_ claim: String) throws -> VolumeRecord {
        try #require(try fixture.record(VolumeRecord.self, try id(claim)))
    }

    /// Whether the directory of this name, below the root, holds what the claim's volume held.
    func holds(_ path: String, dataOf claim: String) throws -> Bool {
        try fixture.text("\(path)/file") == "data of \(claim)\n"
    }

    /// A file of the controller's folder.
    func file(_ path: String) -> URL { fixture.url(".sb-nfs-provisioner/\(path)") }

    /// Writes a text into a record before another one, as an admin does.
    func insert(_ text: String, before other: String, inRecord path: String) throws {
        let record = try String(contentsOf: file(path), encoding: .utf8)
        let changed = record.replacing(other, with: text + other, maxReplacements: 1)
        try #require(changed != record)
        try Data(changed.utf8).write(to: file(path))
    }

    /// The release of a volume as its controller sees it.
    func release(_ claim: String, action: ReleaseAction? = .archive) throws -> ReclaimPlan {
        let record = try volume(claim)
        let export = fixture.address.export
        var volume = try #require(RecoveredVolume(record, on: export, exportID: Self.exportID)).volume
        volume.metadata.uid = "uid-of-\(record.volume)"
        volume.spec?.claimRef?.uid = record.claim?.uid
        let path = try VolumePath(recorded: record.path)
        return ReclaimPlan(volume: volume, share: fixture.address, path: path, action: action)
    }

    /// The plan of a claim whose volume was being made.
    func plan(goingOnWith claim: String) throws -> ProvisioningPlan {
        let record = try volume(claim)
        let asked = ClaimVerdictTests.claim {
            $0.metadata.name = record.claim?.name
            $0.metadata.namespace = record.claim?.namespace
            $0.metadata.uid = record.claim?.uid
            $0.metadata.annotations?[AnnotationKey.restoreFrom] = record.restoredFrom?.archive
        }
        let verdict = ClaimVerdict(
            on: asked,
            storageClass: ClaimVerdictTests.storageClass(),
            volume: nil,
            settings: fixture.settings
        )
        return try #require(verdict.plan)
    }

    // MARK: Layout

    /// Gives the records the file ids of the directories that were laid out.
    ///
    /// - Returns: The volumes' and archives' names by those of their claims.
    private static func adoptDirectories(on fixture: ShareFixture) throws -> [String: String] {
        var ids: [String: String] = [:]
        var fileIDs: [UInt64: UInt64] = [:]
        let volumes = try records(of: VolumeRecord.self, on: fixture)
        let archives = try records(of: ArchiveRecord.self, on: fixture)
        for volume in volumes {
            if let claim = volume.claim { ids[claim.name] = volume.volume }
            guard let directory = volume.directory else { continue }
            fileIDs[directory.fileID] = try fileID([volume.path], on: fixture)
        }
        for archive in archives {
            if let claim = archive.claim { ids[claim.name] = archive.id }
            let places = [archive.to, archive.from, ".sb-nfs-provisioner/trash/\(archive.id)"]
            if let made = try fileID(places, on: fixture) { fileIDs[archive.directory.fileID] = made }
        }
        let names = volumes.map { "volumes/\($0.volume)" } + archives.map { "archives/\($0.id)" }
        for name in names { try adopt(fileIDs, in: fixture.url(".sb-nfs-provisioner/\(name).json")) }
        return ids
    }

    private static func adopt(_ fileIDs: [UInt64: UInt64], in file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        let field = /"fileID" : (?<id>[0-9]+)/
        let changed = text.replacing(field) { match in
            let id = UInt64(match.output.id).flatMap { fileIDs[$0] }
            return id.map { "\"fileID\" : \($0)" } ?? String(match.output.0)
        }
        try Data(changed.utf8).write(to: file)
    }

    /// The file id of the first directory of these that there is.
    private static func fileID(_ paths: [String], on fixture: ShareFixture) throws -> UInt64? {
        for path in paths {
            let path = fixture.url(path).path()
            guard FileManager.default.fileExists(atPath: path) else { continue }
            return try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64
        }
        return nil
    }

    private static func records<Record: ShareRecord>(
        of type: Record.Type,
        on fixture: ShareFixture
    ) throws -> [Record] {
        try fixture.names(in: type.folder.rawValue).map { name in
            try #require(try fixture.record(type, String(name.dropLast(".json".count))))
        }
    }
}
