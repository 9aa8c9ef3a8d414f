import Foundation
import Kubernetes
import Provisioning
import Testing

@testable import Commands

@Suite("archive: commands on archives, on a real share")
struct ArchiveCommandTests {
    @Test("list, show, hold, purge and release-hold, as table, JSON and CSV; changes need --yes")
    func lifeOfAnArchive() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            let storageClass = try await scenario.createClass()
            for name in ["first", "second"] {
                try await scenario.createClaim(name)
                let volume = try await scenario.boundVolume(of: name)
                try await scenario.deleteClaim(name)
                try await scenario.expectGone(volume)
            }
            let table = try await run("list", on: scenario)
            #expect(table.output.hasPrefix("ID ") && table.output.split(separator: "\n").count == 3)

            let json = try await run("list", "--claim", "first", "--output", "json", on: scenario)
            let document = try JSONDecoder().decode(ArchiveListing.Document.self, from: Data(json.output.utf8))
            let archive = try #require(document.archives.first)
            #expect(document.archives.count == 1 && archive.claim == "first" && archive.state == "archived")
            #expect(archive.namespace == scenario.namespace && archive.storageClass == storageClass)
            #expect(try await run("show", archive.id, on: scenario).output.contains("\"id\" : \"\(archive.id)\""))
            let csv = try await run("list", "--older-than", "1d", "--output", "csv", on: scenario)
            #expect(csv.output == ArchiveListing.header.joined(separator: ",") + "\r\n")

            let unasked = try await run("hold", archive.id, "--reason", "court", on: scenario)
            let sentence =
                "archive hold: no terminal to ask on; use --yes to go on, or --dry-run to see what it would do"
            #expect(unasked.code == 64 && unasked.error == "sb-nfs-provisioner: \(sentence)\n")
            let planned = try await run("hold", archive.id, "--reason", "court", "--dry-run", on: scenario)
            #expect(planned.code == 0 && planned.output.hasPrefix("hold archive \(archive.id) of claim "))
            #expect(try !(await run("show", archive.id, on: scenario)).output.contains("court"))
            #expect(try await run("hold", archive.id, "--reason", "court", "--yes", on: scenario).code == 0)
            for answer in ["--yes", "--dry-run"] {
                let refused = try await run("purge", archive.id, answer, "--reason", "erasure", on: scenario)
                #expect(refused.code == 1 && refused.error.contains("is held (court): release the hold to purge it"))
            }
            #expect(try await run("release-hold", archive.id, "--reason", "closed", "--yes", on: scenario).code == 0)
            let asked = try await run("purge", archive.id, "--reason", "erasure", on: scenario)
            #expect(asked.code == 64 && asked.output == "")
            let dry = try await run("purge", archive.id, "--reason", "erasure", "--dry-run", on: scenario)
            #expect(dry.code == 0 && dry.output.hasPrefix("delete archive \(archive.id) of claim "))
            #expect(try scenario.listing(scenario.share).count == 2)
            #expect(try await run("purge", archive.id, "--yes", "--reason", "erasure", on: scenario).code == 0)
            #expect(try scenario.listing(scenario.share).count == 1)
            for (command, options) in [("purge", ["--reason", "r"]), ("hold", ["--reason", "r"]), ("restore", [])] {
                let gone = try await scenario.run(["archive", command, archive.id, "--dry-run"] + options)
                #expect(
                    gone.code == 1 && gone.error.contains("copy restore \(archive.id) brings it back"),
                    "\(command)"
                )
            }
            let free = try await run("release-hold", archive.id, "--reason", "r", "--dry-run", on: scenario)
            #expect(free.code == 1 && free.error.contains("is not held"))
            withExtendedLifetime(controller) {}
        }
    }

    @Test("At a terminal a command shows its plan and asks: no changes nothing, yes does it")
    func asked() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            let hold = ["archive", "hold", volume.key.name, "--reason", "court"]
            let declined = try await scenario.run(hold, typing: "n\n")
            #expect(declined.code == 1 && declined.output == "")
            #expect(declined.error.contains("hold archive \(volume.key.name) of claim \(scenario.namespace)/data ("))
            #expect(declined.error.contains("Continue? [y/N] "))
            #expect(declined.error.contains("archive hold: not confirmed; nothing was changed"))
            #expect(try scenario.archiveRecord(volume.key.name).hold == nil)
            #expect(try !(await run("show", volume.key.name, on: scenario)).output.contains("court"))
            let agreed = try await scenario.run(hold, typing: "y\n")
            #expect(agreed.code == 0 && agreed.output == "archive \(volume.key.name) is held\n")
            #expect(try await run("show", volume.key.name, on: scenario).output.contains("court"))
            withExtendedLifetime(controller) {}
        }
    }

    @Test("A refused command prints one message and an exit code")
    func refused() async throws {
        try await Scenario.run { scenario in
            let unused = try await run("list", on: scenario)
            #expect(unused.code == 1 && unused.error.contains("no controller has used this directory"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: scenario.share.path()) == [])
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("data")
            _ = try await scenario.boundVolume(of: "data")
            let missing = try await run("show", "pvc-0", on: scenario)
            #expect(missing.code == 1 && missing.error.contains("archive pvc-0: not found on"))
            let nowhere = try await run("list", on: scenario, ["NFS_SERVER": "", "NFS_PATH": ""])
            #expect(nowhere.code == 2 && nowhere.error.contains("no export is named"))
            let away = ["NFS_MOUNT_OPTIONS": "port=1,mountport=1,timeo=10,retrans=0"]
            let unreachable = try await run("list", on: scenario, away)
            #expect(unreachable.code == 1 && unreachable.error.contains("cannot be reached"))
            withExtendedLifetime(controller) {}
        }
    }

    private func run(
        _ arguments: String...,
        on scenario: Scenario,
        _ changes: [String: String] = [:]
    ) async throws -> Scenario.ProgramResult {
        try await scenario.run(["archive"] + arguments, changes)
    }
}
