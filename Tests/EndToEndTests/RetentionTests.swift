import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@testable import Commands

@Suite("Retention: the controller and the command line purge by the same policy")
struct RetentionTests {
    static let everything = "retention:\n  interval: 1s\n  default: {keepFor: 0s}\n"

    /// Has the claims' volumes archived, by a controller without a policy that is gone afterwards.
    static func archive(
        _ claims: [String],
        in scenario: Scenario,
        classOf: (String) -> String = { _ in "standard" }
    ) async throws -> [PersistentVolume] {
        let controller = try scenario.startController()
        try await scenario.createClass()
        var volumes: [PersistentVolume] = []
        for claim in claims {
            try await scenario.createClaim(claim, class: classOf(claim))
            volumes.append(try await scenario.boundVolume(of: claim))
            try await scenario.deleteClaim(claim)
        }
        for volume in volumes { try await scenario.expectGone(volume) }
        controller.signal(SIGTERM)
        try await eventually("the controller has stopped") { !controller.isRunning }
        return volumes
    }

    @Test("The controller purges what is due and writes it down, and keeps what is held")
    func controller() async throws {
        try await Scenario.run { scenario in
            let volumes = try await Self.archive(["due", "held"], in: scenario)
            let held = try await scenario.run(["archive", "hold", volumes[1].key.name, "--reason", "court", "--yes"])
            #expect(held.code == 0)
            let config = try scenario.configuration(Self.everything)
            let list = try await scenario.run(["archive", "list", "--config", config, "--output", "json"])
            let archives = try JSONDecoder().decode(ArchiveListing.Document.self, from: Data(list.output.utf8)).archives
            let due = try #require(archives.first { $0.claim == "due" })
            #expect(due.keptUntil != nil && due.keptUntil == due.archivedAt)
            #expect(archives.first { $0.claim == "held" }?.keptUntil == nil)

            let controller = try scenario.startController(configuration: config)
            let left = scenario.archive(of: volumes[1]).lastPathComponent
            try await eventually("the archive that is due is purged") { try scenario.listing(scenario.share) == [left] }
            try await eventually("the purge is reported") { controller.log.contains("retention run finished") }
            let audited = try scenario.audit(volumes[0]).filter { $0.action == .purged }
            #expect(audited.map(\.reason) == ["retention: older than 0s (default rule)"])
            #expect(controller.log.contains("archive purged") && controller.isRunning)

            try await scenario.createClaim("next")
            _ = try await scenario.boundVolume(of: "next")
            #expect(FileManager.default.fileExists(atPath: scenario.archive(of: volumes[1]).path()))
            #expect(try scenario.audit(volumes[1]).allSatisfy { $0.action != .purged })
            controller.signal(SIGTERM)
            try await eventually("the controller has stopped", within: .seconds(60)) { !controller.isRunning }
            withExtendedLifetime(controller) {}
        }
    }

    @Test("archive purge --expired --dry-run lists what it would purge; --yes purges it")
    func commandLine() async throws {
        try await Scenario.run { scenario in
            let volumes = try await Self.archive(["first", "second"], in: scenario)
            let config = try scenario.configuration(Self.everything)
            let expired = ["archive", "purge", "--expired", "--config", config]

            let dry = try await scenario.run(expired + ["--dry-run"])
            #expect(dry.code == 0 && dry.output.split(separator: "\n").count == 3)
            #expect(dry.output.contains("retention: older than 0s (default rule)"))
            #expect(try scenario.listing(scenario.share).count == 2)

            let broken = scenario.share.appending(
                path: ".sb-nfs-provisioner/archives/\(volumes[1].key.name).json"
            )
            let record = try scenario.read(broken)
            try scenario.write("{", to: broken)
            let refused = try await scenario.run(expired + ["--yes"])
            #expect(refused.code == 1 && refused.error.contains("nothing on the share is purged: the record"))
            #expect(try scenario.listing(scenario.share).count == 2)
            try scenario.write(record, to: broken)

            let done = try await scenario.run(expired + ["--yes", "--reason", "spring", "--output", "json"])
            let document = try JSONDecoder().decode(ExpiredArchiveListing.Document.self, from: Data(done.output.utf8))
            #expect(done.code == 0 && document.archives.map(\.state) == [.purged, .purged])
            #expect(try scenario.listing(scenario.share) == [])
            let reasons = try scenario.audit(volumes[0]).filter { $0.action == .purged }.map(\.reason)
            #expect(reasons == ["retention: older than 0s (default rule); spring"])
        }
    }

    @Test("Without a policy nothing is expired; an ambiguous archive name is refused")
    func refused() async throws {
        try await Scenario.run { scenario in
            let none = try await scenario.run(["archive", "purge", "--expired", "--yes"])
            #expect(none.code == 2 && none.error.contains("there is no retention policy: give --config a file"))
            for arguments in [
                ["--reason", "r"], ["pvc-1", "--expired", "--reason", "r"], ["pvc-1"], ["--expired"],
                ["--expired", "--without-backup", "--yes"],
            ] {
                #expect(try await scenario.run(["archive", "purge"] + arguments).code == 64)
            }
        }
    }

    @Test("A policy that cannot be read ends the controller and the commands with exit code 2, a line a mistake")
    func unreadablePolicy() async throws {
        try await Scenario.run { scenario in
            let config = try scenario.configuration(
                "nfsServr: x\nretention:\n  interval: soon\n  default:\n    keep: 1d\n"
            )
            for command in [["controller"], ["archive", "list"], ["archive", "purge", "--expired", "--yes"]] {
                let result = try await scenario.run(command + ["--config", config])
                let lines = result.error.split(separator: "\n")
                #expect(result.code == 2 && lines.count == 3)
                #expect(lines[0].contains("nfsServr in \(config), line 1, is not a setting"))
                #expect(lines[1].contains("retention.interval in \(config), line 3, is \"soon\""))
                #expect(lines[2].contains("retention.default.keep in \(config), line 5, is not known"))
            }
        }
    }
}
