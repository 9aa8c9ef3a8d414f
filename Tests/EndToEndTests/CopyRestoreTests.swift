import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@testable import Commands

@Suite("copy: commands on copies, when the archive is lost")
struct CopyRestoreTests {
    /// A claim's archive on the share, with a copy on the other.
    private struct Archived {
        let id: String
        let record: ArchiveRecord
        let configuration: String
        let copy: URL
    }

    private func archive(in scenario: Scenario, _ body: (Archived) async throws -> Void) async throws {
        let configuration = try scenario.copyConfiguration()
        let controller = try scenario.startController(configuration: configuration)
        try await scenario.createClass()
        try await scenario.createClaim("data")
        let volume = try await scenario.boundVolume(of: "data")
        let directory = scenario.directory(of: volume)
        try scenario.write("text", to: directory.appending(path: "file"))
        let blob = Data((0..<300_000).map { _ in UInt8.random(in: .min ... .max) })
        try blob.write(to: directory.appending(path: "blob"))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: directory.path() + "/file")
        try await scenario.deleteClaim("data")
        try await scenario.expectGone(volume)
        let folder = scenario.otherShare.appending(path: "\(scenario.namespace)-data")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
        let name = try #require(names.first { $0.hasSuffix(".tar.zst") })
        let id = volume.key.name
        try await body(
            Archived(
                id: id,
                record: try scenario.archiveRecord(id),
                configuration: configuration,
                copy: folder.appending(path: name)
            )
        )
        withExtendedLifetime(controller) {}
    }

    private func run(_ arguments: [String], _ archived: Archived, _ scenario: Scenario) async throws
        -> Scenario.ProgramResult
    {
        try await scenario.run(arguments + ["--config", archived.configuration])
    }

    private func copies(_ command: [String], _ archived: Archived, _ scenario: Scenario) async throws
        -> (copies: [CopyListing], result: Scenario.ProgramResult)
    {
        let result = try await run(["copy"] + command + ["--output", "json"], archived, scenario)
        return (try JSONDecoder().decode(CopyListing.Document.self, from: Data(result.output.utf8)).copies, result)
    }

    @Test("A copy recreates a purged archive, and a claim gets the data; an existing archive is not overwritten")
    func restored() async throws {
        try await Scenario.run { scenario in
            try await archive(in: scenario) { archived in
                let refused = try await run(["copy", "restore", archived.id, "--yes"], archived, scenario)
                #expect(refused.code == 1 && refused.error.contains("as \(archived.record.to); restore that"))
                let purged = try await run(
                    ["archive", "purge", archived.id, "--yes", "--reason", "lost"],
                    archived,
                    scenario
                )
                #expect(purged.code == 0, "\(purged.error)")
                #expect(try scenario.listing(scenario.share) == [])

                let plan = try await run(["copy", "restore", archived.id, "--dry-run"], archived, scenario)
                #expect(plan.code == 0 && plan.output.hasPrefix("create an archive on "), "\(plan.error)")
                #expect(try scenario.listing(scenario.share) == [])
                let restored = try await run(["copy", "restore", archived.id, "--yes"], archived, scenario)
                #expect(restored.code == 0, "\(restored.error)")
                // The record of the purge stays, so the archive has an id of its own.
                let id = try #require(restored.output.split(separator: " ").first { $0.hasPrefix("\(archived.id)-") })
                let record = try scenario.archiveRecord(String(id))
                let made = "created archive \(id) from the copy of \(archived.id): \(record.to) on "
                #expect(restored.output.hasPrefix(made))
                #expect(record.state == .archived && record.unpackedFrom?.hasSuffix(archived.copy.path()) == true)
                #expect(try scenario.archiveRecord(archived.id).state == .purged)

                try await scenario.createClaim("again", annotations: [AnnotationKey.restoreFrom: String(id)])
                let directory = scenario.directory(of: try await scenario.boundVolume(of: "again"))
                #expect(try scenario.read(directory.appending(path: "file")) == "text")
                #expect(try Data(contentsOf: directory.appending(path: "blob")).count == 300_000)
                let file = try FileManager.default.attributesOfItem(atPath: directory.path() + "/file")
                #expect(file[.posixPermissions] as? Int == 0o640)
            }
        }
    }

    @Test("A damaged copy is refused, and nothing is created; list and verify show the copies")
    func damaged() async throws {
        try await Scenario.run { scenario in
            try await archive(in: scenario) { archived in
                let (listed, list) = try await copies(["list", "--namespace", scenario.namespace], archived, scenario)
                #expect(list.code == 0 && listed.map(\.id) == [archived.id] && listed[0].state == .complete)
                let (whole, verify) = try await copies(["verify", archived.id], archived, scenario)
                #expect(verify.code == 0 && whole.map(\.state) == [.intact], "\(verify.error)")

                let file = try FileHandle(forUpdating: archived.copy)
                try file.seek(toOffset: 100_000)
                let byte = try #require(try file.read(upToCount: 1)?.first)
                try file.seek(toOffset: 100_000)
                try file.write(contentsOf: Data([byte ^ 1]))
                try file.close()
                let (broken, result) = try await copies(["verify"], archived, scenario)
                #expect(result.code == 3 && broken.map(\.state) == [.broken])
                #expect(result.error.contains("its SHA-256 differs from its manifest; it was damaged or changed"))
                let none = try await copies(["verify", "pvc-0"], archived, scenario)
                #expect(none.result.code == 3 && none.result.error.contains("there is no copy of pvc-0 at"))

                _ = try await run(["archive", "purge", archived.id, "--yes", "--reason", "lost"], archived, scenario)
                let restored = try await run(["copy", "restore", archived.id, "--yes"], archived, scenario)
                #expect(restored.code == 1 && restored.error.contains("restore copy "), "\(restored.error)")
                #expect(try scenario.listing(scenario.share) == [])
                let staging = scenario.share.appending(path: ".sb-nfs-provisioner/staging").path()
                #expect(try FileManager.default.contentsOfDirectory(atPath: staging) == [])
                #expect(try scenario.archiveRecord(archived.id).state == .purged)
            }
        }
    }
}
