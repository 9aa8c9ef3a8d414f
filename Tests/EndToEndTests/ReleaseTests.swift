import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("Changes right before or during a release count")
struct ReleaseTests {
    @Test("R3, R8: a volume made on the directory while the hooks before its removal run keeps it")
    func neighbourDuringHook() async throws {
        try await Scenario.run { scenario in
            let (started, flag) = (scenario.folder.appending(path: "started"), scenario.folder.appending(path: "flag"))
            let script = "touch \(started.path()); while [ ! -e \(flag.path()) ]; do sleep 0.1; done"
            let configuration = try scenario.configuration(
                """
                hooks:
                  - {name: slow, phase: beforePurge, timeout: 2m, exec: {command: [sh, -c, '\(script)']}}
                """
            )
            let controller = try scenario.startController(configuration: configuration)
            try await scenario.createClass(parameters: ["onDelete": "delete"])
            try await scenario.createClaim("first")
            let first = try await scenario.boundVolume(of: "first")
            let file = scenario.directory(of: first).appending(path: "file")
            try scenario.write("kept", to: file)
            try await scenario.deleteClaim("first")
            try await eventually("the hook runs") { FileManager.default.fileExists(atPath: started.path()) }

            var twin = PersistentVolume(metadata: ObjectMeta(name: "twin-\(scenario.id)"), spec: first.spec)
            twin.spec?.claimRef = nil
            twin.spec?.persistentVolumeReclaimPolicy = .retain
            twin = try await scenario.admin.api().create(twin)
            try await scenario.createClaim("second") { $0.spec?.volumeName = twin.key.name }
            _ = try await scenario.boundVolume(of: "second")
            try scenario.write("", to: flag)
            try await scenario.expectEvent(
                "VolumeFailedDelete",
                on: first.key.name,
                in: "default",
                saying: "changed before its directory was moved: volume \(twin.key) is on its directory or below it"
            )
            try await scenario.expectGone(first)
            try await scenario.expectEvent("VolumeRetained", on: first.key.name, in: "default", saying: twin.key.name)
            #expect(try scenario.read(file) == "kept")
            withExtendedLifetime(controller) {}
        }
    }

    @Test("R13: a claim's state at its deletion counts, however busy the controller is")
    func saidLast() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController(["WORKERS": "1"])
            try await scenario.createClass(parameters: ["onDelete": "delete"])
            let names = (0..<6).map { "data-\($0)" }
            for name in names { try await scenario.createClaim(name) }
            var volumes: [PersistentVolume] = []
            for name in names { volumes.append(try await scenario.boundVolume(of: name)) }
            let last = [RetentionRequest.keepFor.rawValue: "forever", AnnotationKey.backup: "required"]
            let patch = Patch.merge(["metadata": ["annotations": .object(last.mapValues { .string($0) })]])
            for name in names {
                let key = ObjectKey(namespace: scenario.namespace, name: name)
                _ = try await scenario.admin.api(PersistentVolumeClaim.self).patch(key, patch)
                try await scenario.deleteClaim(name)
            }
            for volume in volumes {
                try await scenario.expectGone(volume)
                let record = try scenario.archiveRecord(of: volume)
                #expect(record.backup == .required && record.claimUnseen == nil)
                #expect(record.notes?.annotations[RetentionRequest.keepFor.rawValue] == "forever")
            }
            withExtendedLifetime(controller) {}
        }
    }

    @Test("R13: a claim deleted while no controller runs: archived instead of deleted, and everything says why")
    func deletedUnseen() async throws {
        try await Scenario.run { scenario in
            let first = try scenario.startController(["ENABLE_LEADER_ELECTION": "false"])
            try await scenario.createClass(parameters: ["onDelete": "delete"])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try scenario.write("kept", to: scenario.directory(of: volume).appending(path: "file"))
            first.signal(SIGKILL)
            try await eventually("the first controller is dead") { !first.isRunning }
            try await scenario.deleteClaim("data")
            try await eventually("the claim is gone") { try await !scenario.exists(claim: "data") }

            let second = try scenario.startController(["ENABLE_LEADER_ELECTION": "false"])
            try await scenario.expectGone(volume)
            let reason = "the claim was deleted while no controller watched, so its last annotations are unknown"
            try await scenario.expectEvent("VolumeArchived", on: volume.key.name, in: "default", saying: reason)
            let record = try scenario.archiveRecord(of: volume)
            #expect(record.claimUnseen == true && record.reason == reason)
            #expect(try scenario.read(scenario.archive(of: volume).appending(path: "file")) == "kept")
            #expect(try scenario.audit(volume).first { $0.action == .archived }?.reason == reason)
            withExtendedLifetime(second) {}
        }
    }

    @Test("R14: a volume given to another namespace's claim is recovered for that one")
    func rebound() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            let former = [RetentionRequest.keepFor.rawValue: "1h"]
            try await scenario.createClaim("first", annotations: former, labels: ["of": "a"])
            let volume = try await scenario.boundVolume(of: "first")
            let volumes = scenario.admin.api(PersistentVolume.self)
            _ = try await volumes.patch(volume.key, .merge(["spec": ["persistentVolumeReclaimPolicy": "Retain"]]))
            try await scenario.deleteClaim("first")
            try await eventually("released") { try await volumes.get(volume.key).status?.phase == .released }
            _ = try await volumes.patch(volume.key, .merge(["spec": ["claimRef": .null]]))

            let namespace = "\(scenario.namespace)-b"
            _ = try await scenario.admin.api().create(Namespace(metadata: ObjectMeta(name: namespace)))
            try await scenario.createClaim("second", labels: ["of": "b"]) {
                $0.metadata.namespace = namespace
                $0.metadata.annotations = [RetentionRequest.keepLast.rawValue: "5"]
                $0.spec?.volumeName = volume.key.name
            }
            let file = scenario.share.appending(path: ".sb-nfs-provisioner/volumes/\(volume.key.name).json")
            func record() throws -> VolumeRecord {
                try JSONDecoder().decode(VolumeRecord.self, from: Data(contentsOf: file))
            }
            try await eventually("the record follows") { try record().claim?.name == "second" }
            #expect(try record().claim?.namespace == namespace)
            #expect(try record().notes?.labels == ["of": "b"])
            try await eventually("the volume carries the new claim's annotations") {
                let carried = try await volumes.get(volume.key).metadata.annotations ?? [:]
                return carried[RetentionRequest.keepLast.rawValue] == "5"
                    && carried[RetentionRequest.keepFor.rawValue] == nil
            }

            let recovered = try await scenario.run(["recover", "--dry-run", "--output", "json"])
            #expect(recovered.code == 0, "\(recovered.error)")
            #expect(recovered.output.contains(namespace) && recovered.output.contains("second"))
            #expect(!recovered.output.contains("\"first\""))
            try await scenario.admin.api(Namespace.self).delete(ObjectKey(name: namespace))
            withExtendedLifetime(controller) {}
        }
    }
}
