import Foundation
import Kubernetes
import Provisioning
import Reports
import TestBed
import Testing

@testable import Commands

@Suite("report: the output on real shares")
struct ReportCommandTests {
    private static let hooks = """
        hooks:
          - name: copy
            phase: beforeArchive
            selector: {claims: {matchLabels: {backup: works}}}
            exec: {command: ["true"]}
          - name: tape
            phase: beforeArchive
            selector: {claims: {matchLabels: {backup: fails}}}
            onError: Continue
            exec: {command: [sh, -c, "echo no tape >&2; exit 7"]}

        """

    /// Makes claims whose backup works, fails and is missing, has them archived, and one that stays in use.
    ///
    /// - Returns: The configuration file.
    private func archives(in scenario: Scenario) async throws -> String {
        let configuration = try scenario.configuration(Self.hooks)
        let controller = try scenario.startController(configuration: configuration)
        try await scenario.createClass()
        for name in ["works", "fails", "missing", "used"] {
            let needs = name == "missing" ? [AnnotationKey.backup: "required"] : [:]
            try await scenario.createClaim(name, annotations: needs, labels: ["backup": name])
            let volume = try await scenario.boundVolume(of: name)
            guard name != "used" else { continue }
            try await scenario.deleteClaim(name)
            try await scenario.expectGone(volume)
        }
        controller.signal(SIGTERM)
        try await eventually("the controller has stopped") { !controller.isRunning }
        return configuration
    }

    private func report(
        _ arguments: String...,
        on scenario: Scenario,
        _ changes: [String: String] = [:]
    ) async throws -> Scenario.ProgramResult {
        let cluster = ["KUBECONFIG": scenario.bed.controllerKubeconfig]
        return try await scenario.run(["report"] + arguments, cluster.merging(changes) { $1 })
    }

    @Test("backups, usage and audit report what the controller did, in every format, and --fail-on exits with 3")
    func told() async throws {
        try await Scenario.run { scenario in
            let config = try await archives(in: scenario)
            let json = try await report("backups", "--config", config, "--output", "json", on: scenario)
            #expect(json.code == 0 && json.error == "")
            let backups = try JSONDecoder().decode(BackupReport.self, from: Data(json.output.utf8))
            let found = backups.items.map { "\($0.claim ?? "") \($0.state) \($0.verdict)" }
            let expected = ["fails archived failed", "missing archived missing", "used Bound ok", "works archived ok"]
            #expect(found == expected)
            let failed = try #require(backups.items.first?.hooks.first)
            #expect(failed.exitCode == 7 && failed.output?.contains("no tape") == true)
            #expect(backups.items.last?.lastBackupAt != nil && backups.cluster != nil && backups.gaps == [])
            try Self.expectDocumented(json.output, "backups")

            for (format, words) in [
                ("html", "<!DOCTYPE html>"),
                ("table", "0 warning, 1 failed, 1 missing"), ("csv", "missing,archive,pvc-"),
                ("markdown", "| missing | archive | \(scenario.namespace) | missing |"),
            ] {
                let text = try await report("backups", "--config", config, "--output", format, on: scenario)
                #expect(text.code == 0 && text.output.contains(words), "\(text.output)")
            }
            let alarm = try await report("backups", "--fail-on", "overdue,missing", on: scenario)
            #expect(alarm.code == 3 && alarm.output.contains("missing"))
            #expect(try await report("backups", "--fail-on", "overdue", on: scenario).code == 0)
            #expect(try await report("backups", "--fail-on", "failed", "--namespace", "x", on: scenario).code == 0)

            let usage = try await report("usage", "--output", "json", on: scenario)
            let used = try JSONDecoder().decode(UsageReport.self, from: Data(usage.output.utf8))
            #expect(used.byNamespace.map(\.archives) == [3] && used.byNamespace.map(\.volumes) == [1])
            #expect(used.byNamespace.map(\.requestedBytes) == [4 << 30] && used.room.count == 1)
            try Self.expectDocumented(usage.output, "usage")

            let audit = try await report("audit", "--state", "archived", "--output", "json", on: scenario)
            let done = try JSONDecoder().decode(AuditReport.self, from: Data(audit.output.utf8))
            #expect(done.lines.map { $0.entry.claim?.name } == ["works", "fails", "missing"])
            try Self.expectDocumented(audit.output, "audit")
            let none = try await report("audit", "--until", "1d", "--output", "csv", on: scenario)
            #expect(none.output.split(separator: "\r\n").count == 1)

            let file = scenario.otherShare.appending(path: "report.md")
            let written = try await report("audit", "--output", "markdown", "--output-file", file.path(), on: scenario)
            #expect(written.code == 0 && written.output == "")
            #expect(try scenario.read(file).hasPrefix("# Audit at "))
            let nowhere = try await report("audit", "--output-file", "/nowhere/report", on: scenario)
            #expect(nowhere.code == 1 && nowhere.error.contains("write the output to /nowhere/report: "))
        }
    }

    @Test("Unreadable items are reported, are never well, and fail a job that should raise an alarm")
    func unseen() async throws {
        try await Scenario.run { scenario in
            _ = try await archives(in: scenario)
            let records = scenario.share.appending(path: ".sb-nfs-provisioner/archives")
            let files = try FileManager.default.contentsOfDirectory(atPath: records.path())
                .map { records.appending(path: $0) }
            let broken = try #require(files.first { try scenario.read($0).contains("\"fails\"") })
            try scenario.write("{", to: broken)
            let half = try await report("backups", "--fail-on", "overdue", "--output", "json", on: scenario)
            let seen = try JSONDecoder().decode(BackupReport.self, from: Data(half.output.utf8))
            #expect(half.code == 1 && half.error.contains("cannot be read: correct it"))
            #expect(seen.gaps.count == 1 && seen.items.contains { $0.state == "unreadable" })
            #expect(try await report("backups", on: scenario).code == 0)

            // An address that nobody has (RFC 5737).
            let down = "192.0.2.1:/srv"
            // A loaded machine's own server may well take seconds.
            let options = scenario.mountOptions + ["timeo=150", "retrans=0"]
            let away = ["ADDITIONAL_EXPORTS": down, "NFS_MOUNT_OPTIONS": options.joined(separator: ",")]
            let partly = try await report("backups", "--fail-on", "overdue", on: scenario, away)
            #expect(partly.code == 1 && partly.error.contains(down) && partly.output.contains("Could not be read:"))
            #expect(partly.output.contains("works"))
            let blind = try await report("audit", "--export", down, on: scenario, away)
            #expect(blind.code == 1 && blind.error.contains(down))
        }
    }

    /// Whether everything in a report's JSON is in its schema.
    private static func expectDocumented(_ json: String, _ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs")
        let schema = try ReportSchema(contentsOf: folder.appending(path: "report.schema.json"))
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
        #expect(schema.problems(of: value, as: name) == [])
    }
}
