import Foundation
import Kubernetes
import NFS
import Provisioning
import TestBed
import Testing

@testable import Commands

@Suite("archive verify, and which exports the commands find: on real shares and a real cluster")
struct ArchiveVerifyCommandTests {
    @Test("Everything is well; then a missing and a new directory are reported, with the sizes of existing ones")
    func verified() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            for name in ["here", "gone", "released"] { try await scenario.createClaim(name) }
            let here = try await scenario.boundVolume(of: "here")
            let gone = try await scenario.boundVolume(of: "gone")
            let released = try await scenario.boundVolume(of: "released")
            try await scenario.deleteClaim("released")
            try await scenario.expectGone(released)
            try scenario.write("data", to: scenario.directory(of: here).appending(path: "file"))
            let cluster = ["KUBECONFIG": scenario.bed.controllerKubeconfig]
            let sound = try await scenario.run(["archive", "verify"], cluster)
            #expect(sound.code == 0, "\(sound.output)\(sound.error)")

            try FileManager.default.removeItem(at: scenario.directory(of: gone))
            let orphan = scenario.share.appending(path: "orphan")
            try FileManager.default.createDirectory(at: orphan, withIntermediateDirectories: false)
            try Data("data".utf8).write(to: orphan.appending(path: "file"))
            let found = try await scenario.run(["archive", "verify", "--sizes", "--output", "json"], cluster)
            #expect(found.code == 3, "\(found.error)")
            let data = Data(found.output.utf8)
            let report = try #require(
                try JSONDecoder().decode(VerificationReport.Document.self, from: data).shares.first
            )
            let findings = report.findings.map { "\($0.level) \($0.kind) \($0.subject)" }
            #expect(findings == ["problem missingVolume \(gone.key.name)", "problem orphan orphan"])
            #expect(report.isClusterAsked && report.volumes == 2 && report.archives == 1)
            let sizes = try #require(report.sizes)
            #expect(sizes.map(\.name) == [released.key.name, here.key.name] && sizes.last?.files == 1)

            let offline = try await scenario.run(["archive", "verify", "--offline"], cluster)
            #expect(offline.code == 3 && offline.output.contains("the cluster was not asked"))
            let kubeconfig = try unreachableKubeconfig(scenario)
            defer { try? FileManager.default.removeItem(atPath: kubeconfig) }
            let away = ["KUBECONFIG": kubeconfig]
            let warned = try await scenario.run(["archive", "list"], cluster.merging(away) { $1 })
            #expect(warned.code == 0 && warned.output.contains(released.key.name))
            #expect(warned.error.contains("the cluster cannot be read, so only the exports of the settings are used"))
            withExtendedLifetime(controller) {}
        }
    }

    @Test(
        "The exports of classes are found by the cluster; a dead one hides no other; one id on two must be told apart"
    )
    func exportsOfClasses() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClass("other", on: scenario.otherShare.path())
            let unused = URL(filePath: scenario.bed.exportB).appending(path: "unused-\(scenario.id)")
            try FileManager.default.createDirectory(at: unused, withIntermediateDirectories: false)
            try await scenario.createClass("unused", on: unused.path())
            var ids: [String: String] = [:]
            for (name, suffix) in [("own", "standard"), ("far", "other")] {
                try await scenario.createClaim(name, class: suffix)
                let volume = try await scenario.boundVolume(of: name)
                try await scenario.deleteClaim(name)
                try await scenario.expectGone(volume)
                ids[name] = volume.key.name
            }
            let far = try #require(ids["far"])
            let cluster = ["KUBECONFIG": scenario.bed.controllerKubeconfig]
            let list = try await scenario.run(["archive", "list"], cluster)
            #expect(list.code == 0 && ids.values.allSatisfy(list.output.contains), "\(list.error)")
            let offline = try await scenario.run(["archive", "list", "--offline"], cluster)
            #expect(offline.code == 0 && !offline.output.contains(far))

            let dead = ["ADDITIONAL_EXPORTS": "\(scenario.bed.nfsServer):/nowhere"]
            let partial = try await scenario.run(["archive", "list"], cluster.merging(dead) { $1 })
            #expect(partial.code == 1 && ids.values.allSatisfy(partial.output.contains))
            #expect(partial.error.contains("/nowhere"))

            let record = ".sb-nfs-provisioner/archives/\(far).json"
            try FileManager.default.copyItem(
                at: scenario.otherShare.appending(path: record),
                to: scenario.share.appending(path: record)
            )
            let twice = try await scenario.run(["archive", "hold", far, "--reason", "r", "--yes"], cluster)
            #expect(twice.code == 1 && twice.error.contains("choose one with --export server:/path"))
            let export = "\(scenario.bed.nfsServer):\(scenario.otherShare.path())"
            let one = try await scenario.run(
                ["archive", "hold", far, "--reason", "r", "--yes", "--export", export],
                cluster
            )
            #expect(one.code == 0, "\(one.error)")
            #expect(try !scenario.read(scenario.share.appending(path: record)).contains("\"hold\""))
            withExtendedLifetime(controller) {}
        }
    }

    /// A cluster on a port where nothing listens.
    private func unreachableKubeconfig(_ scenario: Scenario) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "away-\(scenario.id).kubeconfig")
        let text = try String(contentsOfFile: scenario.bed.controllerKubeconfig, encoding: .utf8)
        try text.replacing(scenario.bed.apiServer, with: "https://127.0.0.1:1")
            .write(to: path, atomically: true, encoding: .utf8)
        return path.path()
    }
}
