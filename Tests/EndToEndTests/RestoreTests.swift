import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("A claim asks for an archive")
struct RestoreTests {
    /// Makes an archive of a claim with a file in it.
    ///
    /// - Returns: Its id.
    private func archive(
        _ name: String,
        in scenario: Scenario,
        annotations: [String: String] = [:],
        labels: [String: String] = [:]
    ) async throws -> String {
        try await scenario.createClaim(name, annotations: annotations, labels: labels)
        let volume = try await scenario.boundVolume(of: name)
        try scenario.write(name, to: scenario.directory(of: volume).appending(path: "file"))
        try await scenario.deleteClaim(name)
        try await scenario.expectGone(volume)
        return volume.key.name
    }

    @Test("Moved or copied, the claim is bound with the data in place", arguments: RestoreRequest.Mode.allCases)
    func restored(mode: RestoreRequest.Mode) async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            let id = try await archive("data", in: scenario)
            try await scenario.createClaim(
                "again",
                annotations: [AnnotationKey.restoreFrom: id, AnnotationKey.restoreMode: mode.rawValue]
            )
            let volume = try await scenario.boundVolume(of: "again")
            #expect(try scenario.read(scenario.directory(of: volume).appending(path: "file")) == "data")
            #expect(volume.metadata.annotations?[AnnotationKey.restoreFrom] == id)
            #expect(try scenario.listing(scenario.share).count == (mode == .copy ? 2 : 1))
            try await scenario.expectEvent("ProvisioningSucceeded", on: "again", saying: volume.key.name)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("What cannot be restored is an event on the claim, and the archive stays")
    func refused() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            let id = try await archive("data", in: scenario)
            for (name, annotations, words) in [
                ("mode", [AnnotationKey.restoreFrom: id, AnnotationKey.restoreMode: "link"], "use move or copy"),
                ("path", [AnnotationKey.restoreFrom: "../\(id)"], "which is not an archive's id"),
                ("none", [AnnotationKey.restoreFrom: "pvc-none"], "there is no archive pvc-none on"),
            ] {
                try await scenario.createClaim(name, annotations: annotations)
                try await scenario.expectEvent("ProvisioningFailed", on: name, saying: words)
            }
            #expect(try scenario.listing(scenario.share).count == 1)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("The archive is released if the claim is deleted before its volume is saved")
    func givenBack() async throws {
        try await Scenario.run { scenario in
            let first = try scenario.startController()
            try await scenario.createClass()
            let id = try await archive("data", in: scenario)
            let listing = try scenario.listing(scenario.share)
            first.signal(SIGKILL)
            try await eventually("the first controller is dead") { !first.isRunning }

            let limited = try await scenario.kubeconfig(without: "create")
            let second = try scenario.startController(["KUBECONFIG": limited, "ENABLE_LEADER_ELECTION": "false"])
            try await scenario.createClaim("again", annotations: [AnnotationKey.restoreFrom: id])
            try await scenario.expectEvent("ProvisioningFailed", on: "again", saying: "cannot create resource")
            #expect(try scenario.listing(scenario.share) != listing)
            try await scenario.deleteClaim("again")
            try await eventually("the archive is one again") { try scenario.listing(scenario.share) == listing }
            withExtendedLifetime(second) {}
        }
    }

    @Test(
        "archive restore --dry-run prints the claim that asks for the archive; --yes creates it and waits until it is bound"
    )
    func command() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            let storageClass = try await scenario.createClass()
            let requests = [AnnotationKey.backup: "none", "nfs.smart-bear.eu/keep-for": "90d"]
            let id = try await archive(
                "data",
                in: scenario,
                annotations: requests.merging(["meta.helm.sh/release-name": "db"]) { $1 },
                labels: ["backup": "true"]
            )
            let printed = try await scenario.run(
                ["archive", "restore", id, "--claim", "again", "--dry-run", "--output", "json"]
            )
            let claim = try JSONDecoder().decode(PersistentVolumeClaim.self, from: Data(printed.output.utf8))
            #expect(claim.key.description == "\(scenario.namespace)/again" && claim.className == storageClass)
            let request = [AnnotationKey.restoreFrom: id, AnnotationKey.restoreMode: "move"]
            #expect(claim.metadata.annotations == request.merging(requests) { $1 })
            #expect(claim.metadata.labels == ["backup": "true"])
            let applied = try await scenario.run(
                ["archive", "restore", id, "--mode", "copy", "--yes", "--kubeconfig", scenario.bed.kubeconfig]
            )
            #expect(applied.code == 0, "\(applied.error)")
            let volume = try await scenario.boundVolume(of: "data")
            #expect(applied.output.contains("is bound to \(volume.key.name)"))
            #expect(try scenario.read(scenario.directory(of: volume).appending(path: "file")) == "data")
            let again = try await scenario.run(
                ["archive", "restore", id, "--yes", "--kubeconfig", scenario.bed.kubeconfig]
            )
            #expect(again.code == 1 && again.error.contains("already exists"))
            withExtendedLifetime(controller) {}
        }
    }

    @Test(
        "What a claim's owner requests for its archive follows the claim onto the volume and into the archive's record"
    )
    func requests() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("data", annotations: [RetentionRequest.keepFor.rawValue: "30d"])
            let volume = try await scenario.boundVolume(of: "data")
            #expect(volume.metadata.annotations?[RetentionRequest.keepFor.rawValue] == "30d")
            let key = ObjectKey(namespace: scenario.namespace, name: "data")
            let change: JSONValue = [
                "metadata": [
                    "annotations": [RetentionRequest.keepFor.rawValue: .null, RetentionRequest.keepLast.rawValue: "3"]
                ]
            ]
            _ = try await scenario.admin.api(PersistentVolumeClaim.self).patch(key, .merge(change))
            try await eventually("the volume has the request") {
                let annotations = try await scenario.volume(volume.key.name)?.metadata.annotations
                return annotations?[RetentionRequest.keepLast.rawValue] == "3"
                    && annotations?[RetentionRequest.keepFor.rawValue] == nil
            }
            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            let folder = scenario.share.appending(path: ".sb-nfs-provisioner/archives")
            let data = try Data(contentsOf: folder.appending(path: "\(volume.key.name).json"))
            let record = try JSONDecoder().decode(ArchiveRecord.self, from: data)
            #expect(record.notes?.annotations == [RetentionRequest.keepLast.rawValue: "3"])
            #expect(record.cluster?.isEmpty == false)
            withExtendedLifetime(controller) {}
        }
    }
}
