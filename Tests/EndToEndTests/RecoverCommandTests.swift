import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("recover: a lost cluster from its share")
struct RecoverCommandTests {
    @Test(
        "Every live volume is bound again under its name, with its data; archives stay archives",
        arguments: [false, true]
    )
    func lostCluster(apply: Bool) async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClass("chosen", parameters: ["pathPattern": "${.PVC.namespace}/${.PVC.name}"])
            let requests = [AnnotationKey.backup: "required", "nfs.smart-bear.eu/keep-for": "90d"]
            try await scenario.createClaim(
                "standard",
                modes: [.readWriteMany],
                annotations: requests.merging(["meta.helm.sh/release-name": "db"]) { $1 },
                labels: ["backup": "true"]
            )
            try await scenario.createClaim("chosen", class: "chosen")
            try await scenario.createClaim("archived")
            var lost: [String: PersistentVolume] = [:]
            for name in ["standard", "chosen", "archived"] {
                let volume = try await scenario.boundVolume(of: name)
                lost[name] = volume
                try scenario.write(name, to: scenario.directory(of: volume).appending(path: "file"))
            }
            let archived = try #require(lost["archived"])
            lost["archived"] = nil
            try await scenario.deleteClaim("archived")
            try await scenario.expectGone(archived)
            controller.signal(SIGKILL)
            try await eventually("the controller is dead") { !controller.isRunning }
            for (name, volume) in lost { try await lose(name, volume, on: scenario) }

            let arguments =
                apply ? ["--yes", "--kubeconfig", scenario.bed.kubeconfig] : ["--dry-run", "--output", "yaml"]
            let result = try await scenario.run(["recover"] + arguments)
            #expect(result.code == 0, "\(result.error)")
            if !apply { try await scenario.kubectl(["apply", "-f", "-"], input: result.output) }
            for (name, volume) in lost {
                let recovered = try await scenario.boundVolume(of: name)
                #expect(recovered.key == volume.key && recovered.metadata.uid != volume.metadata.uid)
                #expect(recovered.spec?.nfs == volume.spec?.nfs)
                #expect(recovered.spec?.accessModes == volume.spec?.accessModes)
                #expect(recovered.spec?.capacity == volume.spec?.capacity)
                #expect(recovered.spec?.persistentVolumeReclaimPolicy == .retain)
                #expect(try scenario.read(scenario.directory(of: recovered).appending(path: "file")) == name)
            }
            #expect(try await scenario.volume(archived.key.name) == nil)
            let claim = try await scenario.claim("standard").metadata
            #expect(claim.labels == ["backup": "true"] && claim.annotations?["meta.helm.sh/release-name"] == nil)
            for (key, value) in requests {
                #expect(claim.annotations?[key] == value)
                #expect(try await scenario.boundVolume(of: "standard").metadata.annotations?[key] == value)
            }

            // Under a controller again they are volumes as before: released, they are archived.
            let second = try scenario.startController()
            let volume = try #require(lost["standard"])
            let patch: Patch = .merge(["spec": ["persistentVolumeReclaimPolicy": "Delete"]])
            _ = try await scenario.admin.api(PersistentVolume.self).patch(volume.key, patch)
            try await scenario.deleteClaim("standard")
            try await scenario.expectGone(volume)
            #expect(try scenario.read(scenario.archive(of: volume).appending(path: "file")) == "standard")
            withExtendedLifetime(second) {}
        }
    }

    @Test("A missing directory is reported, and the others are recovered")
    func missingDirectory() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            for name in ["here", "gone"] { try await scenario.createClaim(name) }
            let here = try await scenario.boundVolume(of: "here")
            let gone = try await scenario.boundVolume(of: "gone")
            try FileManager.default.removeItem(at: scenario.directory(of: gone))
            let result = try await scenario.run(["recover", "--dry-run"])
            #expect(result.code == 1)
            #expect(
                result.error.contains("\(gone.key): ") && result.error.contains("is gone, or is not the volume")
            )
            #expect(result.output.contains(here.key.name) && !result.output.contains(gone.key.name))
            withExtendedLifetime(controller) {}
        }
    }

    /// Takes a claim and its volume out of the cluster, as if it had never had them.
    private func lose(_ claim: String, _ volume: PersistentVolume, on scenario: Scenario) async throws {
        let volumes = scenario.admin.api(PersistentVolume.self)
        try await volumes.delete(volume.key)
        let none: Patch = .merge(["metadata": ["finalizers": nil]])
        _ = try await volumes.patch(volume.key, none)
        try await scenario.deleteClaim(claim)
        try await eventually("\(claim) is lost") {
            let isGone = try await scenario.volume(volume.key.name) == nil
            let isClaimGone = try await !scenario.exists(claim: claim)
            return isGone && isClaimGone
        }
    }
}
