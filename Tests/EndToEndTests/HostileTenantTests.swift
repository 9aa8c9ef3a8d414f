import Foundation
import Kubernetes
import NFS
import Provisioning
import TestBed
import Testing

@testable import Commands

@Suite("A hostile tenant who owns a volume cannot harm others", .timeLimit(.minutes(10)))
struct HostileTenantTests {
    @Test("R6: delete removes the volume, all of it, and nothing outside")
    func deleted() async throws {
        try await Scenario.run { scenario in
            let tenant = try await HostileTenant(besideVolumesOf: scenario)
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["onDelete": "delete"])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try await tenant.fill(scenario.directory(of: volume))
            let before = try await tenant.snapshot()
            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume, within: .seconds(180))
            #expect(try await tenant.snapshot() == before)
            #expect(try scenario.listing(scenario.share) == ["outside"])
            #expect(try scenario.controllerFolder("trash") == [])
            withExtendedLifetime(controller) {}
        }
    }

    @Test(
        "R5: archived, measured, copied back and purged, it is intact until the purge removes it, and nothing else"
    )
    func archived() async throws {
        try await Scenario.run { scenario in
            let tenant = try await HostileTenant(besideVolumesOf: scenario)
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClass("delete", parameters: ["onDelete": "delete"])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try await tenant.fill(scenario.directory(of: volume))
            let before = try await tenant.snapshot()
            let contents = try await HostileTenant.contents(of: scenario.directory(of: volume))
            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            let archive = scenario.archive(of: volume)
            #expect(try await HostileTenant.contents(of: archive) == contents)

            let copying = [AnnotationKey.restoreFrom: volume.key.name, AnnotationKey.restoreMode: "copy"]
            try await scenario.createClaim("again", class: "delete", annotations: copying)
            let copy = try await scenario.boundVolume(of: "again", within: .seconds(240))
            #expect(try await HostileTenant.contents(of: scenario.directory(of: copy)) == contents)
            #expect(try await HostileTenant.contents(of: archive) == contents)
            try await expectSound(scenario, measuring: [volume, copy])

            let purge = try await scenario.run(["archive", "purge", volume.key.name, "--yes", "--reason", "erasure"])
            #expect(purge.code == 0, "\(purge.error)")
            try await scenario.deleteClaim("again")
            try await scenario.expectGone(copy, within: .seconds(180))
            #expect(try await tenant.snapshot() == before)
            #expect(try scenario.listing(scenario.share) == ["outside"])
            #expect(try scenario.controllerFolder("trash") == [] && scenario.controllerFolder("staging") == [])
            withExtendedLifetime(controller) {}
        }
    }

    /// The share is as its records say, but for what is outside; and nothing outside counts to a volume's size.
    private func expectSound(_ scenario: Scenario, measuring volumes: [PersistentVolume]) async throws {
        let result = try await scenario.run(
            ["archive", "verify", "--sizes", "--output", "json"],
            ["KUBECONFIG": scenario.bed.controllerKubeconfig]
        )
        let data = Data(result.output.utf8)
        let report = try #require(try JSONDecoder().decode(VerificationReport.Document.self, from: data).shares.first)
        #expect(report.findings.map { "\($0.kind) \($0.subject)" } == ["orphan outside"])
        let sizes = try #require(report.sizes)
        #expect(Set(sizes.map(\.name)) == Set(volumes.map(\.key.name)))
        #expect(sizes.allSatisfy { (10_000..<20_000).contains($0.files) && $0.files == sizes[0].files }, "\(sizes)")
    }

    @Test("R6: directories swapped for links out of the volume during its removal lead nowhere")
    func swapped() async throws {
        try await Scenario.run { scenario in
            let tenant = try await HostileTenant(besideVolumesOf: scenario)
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["onDelete": "delete"])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try await tenant.fillToSwap(scenario.directory(of: volume))
            let before = try await tenant.snapshot()
            let swaps = try await scenario.withFolder(scenario.directory(of: volume)) { export, mounted in
                let (begun, continuation) = AsyncStream.makeStream(of: Void.self)
                async let swaps = {
                    defer { continuation.finish() }
                    return try await tenant.swapUntilGone(mounted, on: export) { continuation.yield() }
                }()
                _ = await begun.first { true }
                try await scenario.deleteClaim("data")
                return try await swaps
            }
            #expect(swaps > 0)
            try await scenario.expectGone(volume, within: .seconds(180))
            #expect(try await tenant.snapshot() == before)
            #expect(try scenario.listing(scenario.share) == ["outside"])
            #expect(try scenario.controllerFolder("trash") == [])
            withExtendedLifetime(controller) {}
        }
    }

    @Test(
        "R11, S5: a volume whose directory became a link or a file is refused untouched, until it is restored",
        arguments: ["link", "link-to-root", "kept", "empty"],
        [ReleaseAction.archive, .delete]
    )
    func replaced(by stranger: String, action: ReleaseAction) async throws {
        try await Scenario.run { scenario in
            let tenant = try await HostileTenant(besideVolumesOf: scenario)
            try await tenant.plant(stranger, as: scenario.share.appending(path: "stranger"))
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["onDelete": action.rawValue])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            let directory = scenario.directory(of: volume)
            try scenario.write("kept", to: directory.appending(path: "file"))
            try await scenario.rename(directory, to: "moved")
            try await scenario.rename(scenario.share.appending(path: "stranger"), to: directory.lastPathComponent)
            let before = try await tenant.snapshot()
            let listing = try scenario.listing(scenario.share)
            try await scenario.deleteClaim("data")
            try await scenario.expectEvent("VolumeFailedDelete", on: volume.key.name, in: "default", saying: "touched")
            #expect(try await tenant.snapshot() == before)
            #expect(try scenario.listing(scenario.share) == listing)

            // In between nothing is there, and a missing directory counts as gone (R4: on the right share).
            controller.signal(SIGSTOP)
            try await scenario.rename(directory, to: "stranger")
            try await scenario.rename(scenario.share.appending(path: "moved"), to: directory.lastPathComponent)
            controller.signal(SIGCONT)
            try await scenario.expectGone(volume)
            let rest = action == .archive ? [scenario.archive(of: volume).lastPathComponent] : []
            #expect(try scenario.listing(scenario.share) == rest + ["outside", "stranger"])
            #expect(try await tenant.snapshot() == before)
            withExtendedLifetime(controller) {}
        }
    }

    @Test(
        "R5: if anything has the archive's name, the archive gets another name, and the other file stays unchanged",
        arguments: ["link", "link-to-root", "kept", "empty"]
    )
    func archiveNameTaken(by stranger: String) async throws {
        try await Scenario.run { scenario in
            let tenant = try await HostileTenant(besideVolumesOf: scenario)
            try await tenant.plant(stranger, as: scenario.share.appending(path: "archived-data"))
            let planted = try await HostileTenant.contents(of: scenario.share.appending(path: "archived-data"))
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["pathPattern": "${.PVC.name}"])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try scenario.write("kept", to: scenario.directory(of: volume).appending(path: "file"))
            let before = try await tenant.snapshot()
            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            #expect(try await tenant.snapshot() == before)
            let record = try scenario.archiveRecord(of: volume)
            #expect(record.to.hasPrefix("archived-data-") && record.state == .archived)
            #expect(try scenario.read(scenario.share.appending(path: "\(record.to)/file")) == "kept")
            #expect(
                try await HostileTenant.contents(of: scenario.share.appending(path: "archived-data")) == planted
            )
            withExtendedLifetime(controller) {}
        }
    }
}
