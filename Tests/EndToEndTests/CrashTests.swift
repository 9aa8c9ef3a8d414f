import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("A controller killed at the worst moment loses nothing and doubles nothing")
struct CrashTests {
    @Test(
        "V4: killed between directory and volume",
        arguments: [[:], ["pathPattern": "${.PVC.namespace}/${.PVC.name}"]]
    )
    func betweenDirectoryAndVolume(parameters: [String: String]) async throws {
        try await Scenario.run { scenario in
            let limited = try await scenario.kubeconfig(without: "create")
            let changes = ["KUBECONFIG": limited, "ENABLE_LEADER_ELECTION": "false"]
            let first = try scenario.startController(changes)
            try await scenario.createClass(parameters: parameters)
            try await scenario.createClaim("data")
            try await scenario.expectEvent("ProvisioningFailed", on: "data", saying: "cannot create resource")
            #expect(try scenario.listing(scenario.share).count == 1)
            first.signal(SIGKILL)
            try await eventually("the first controller is dead") { !first.isRunning }

            let second = try scenario.startController()
            let volume = try await scenario.boundVolume(of: "data")
            #expect(try scenario.listing(scenario.share).count == 1)
            #expect(FileManager.default.fileExists(atPath: scenario.directory(of: volume).path()))
            #expect(try scenario.audit(volume).map(\.action) == [.created])
            withExtendedLifetime(second) {}
        }
    }

    @Test(
        "R10: killed between the end of the directory and that of the volume",
        arguments: [ReleaseAction.archive, .delete, .retain]
    )
    func betweenDirectoryAndVolumeDeletion(action: ReleaseAction) async throws {
        try await Scenario.run { scenario in
            let limited = try await scenario.kubeconfig(without: "delete")
            let first = try scenario.startController(["KUBECONFIG": limited, "ENABLE_LEADER_ELECTION": "false"])
            try await scenario.createClass(parameters: ["onDelete": action.rawValue])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try scenario.write("kept", to: scenario.directory(of: volume).appending(path: "file"))
            try await scenario.deleteClaim("data")
            try await scenario.expectEvent(
                "VolumeFailedDelete",
                on: volume.key.name,
                in: "default",
                saying: "cannot delete resource"
            )
            first.signal(SIGKILL)
            try await eventually("the first controller is dead") { !first.isRunning }

            let second = try scenario.startController()
            try await scenario.expectGone(volume)
            let directory = scenario.directory(of: volume).lastPathComponent
            let expected: [String] =
                switch action {
                case .archive: ["archived-\(directory)"]
                case .delete: []
                case .retain: [directory]
                }
            #expect(try scenario.listing(scenario.share) == expected)
            for name in expected {
                #expect(try scenario.read(scenario.share.appending(path: "\(name)/file")) == "kept")
            }
            #expect(try scenario.audit(volume).count == 2)
            withExtendedLifetime(second) {}
        }
    }

    @Test("C13: a claim deleted while its volume cannot be saved leaves no directory behind")
    func claimGoesAway() async throws {
        try await Scenario.run { scenario in
            let limited = try await scenario.kubeconfig(without: "create")
            let controller = try scenario.startController(["KUBECONFIG": limited, "ENABLE_LEADER_ELECTION": "false"])
            try await scenario.createClass()
            try await scenario.createClaim("data")
            try await scenario.expectEvent("ProvisioningFailed", on: "data", saying: "cannot create resource")
            try await scenario.deleteClaim("data")
            try await eventually("the directory is taken back") { try scenario.listing(scenario.share) == [] }
            withExtendedLifetime(controller) {}
        }
    }

    @Test("C13: a claim deleted while no controller runs leaves no directory behind after the next start")
    func claimGoesAwayUnseen() async throws {
        try await Scenario.run { scenario in
            let limited = try await scenario.kubeconfig(without: "create")
            let first = try scenario.startController(["KUBECONFIG": limited, "ENABLE_LEADER_ELECTION": "false"])
            try await scenario.createClass()
            try await scenario.createClaim("data")
            try await scenario.expectEvent("ProvisioningFailed", on: "data", saying: "cannot create resource")
            first.signal(SIGKILL)
            try await eventually("the first controller is dead") { !first.isRunning }
            try await scenario.deleteClaim("data")
            #expect(try scenario.listing(scenario.share).count == 1)

            let second = try scenario.startController()
            try await eventually("the directory and its record are taken back") {
                try scenario.listing(scenario.share) == [] && scenario.controllerFolder("volumes") == []
            }
            withExtendedLifetime(second) {}
        }
    }

    @Test("L1: of two replicas one works; when stopped it releases the lease, and the other takes over immediately")
    func handover() async throws {
        try await Scenario.run { scenario in
            let first = try scenario.startController(["POD_NAME": "first"])
            try await eventually("the first leads") { first.log.contains("leading") }
            let second = try scenario.startController(["POD_NAME": "second"])
            try await eventually("the second stands by") { second.log.contains("standing by") }
            let name = scenario.provisioner.replacing("/", with: "-")
            let key = ObjectKey(namespace: scenario.bed.podNamespace, name: name)
            let lease = try #require(try await scenario.admin.api(Lease.self).get(key).spec)
            #expect(lease.holderIdentity?.hasPrefix("first_") == true && lease.leaseDurationSeconds == 15)
            first.signal(SIGTERM)
            try await eventually("the first has stopped") { !first.isRunning }
            try await scenario.createClass()
            try await scenario.createClaim("data")
            _ = try await scenario.boundVolume(of: "data")
            withExtendedLifetime(second) {}
        }
    }

    @Test("L1, L6: a leader suspended for longer than its lease changes nothing, and becomes a standby")
    func takeover() async throws {
        try await Scenario.run { scenario in
            let first = try scenario.startController(["POD_NAME": "first"])
            try await eventually("the first leads") { first.log.contains("leading") }
            let second = try scenario.startController(["POD_NAME": "second"])
            try await eventually("the second stands by") { second.log.contains("standing by") }
            first.signal(SIGSTOP)
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data", within: .seconds(180))
            first.signal(SIGCONT)
            try await eventually("the first stands by again") { first.log.contains("standing by again") }
            #expect(first.isRunning)
            #expect(!first.log.contains("volume provisioned"))
            #expect(try scenario.audit(volume).map(\.action) == [.created])
            withExtendedLifetime(second) {}
        }
    }
}
