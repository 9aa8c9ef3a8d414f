import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@testable import Commands

/// Volumes as nfs-subdir-external-provisioner 4.0.2 leaves them behind: no finalizer, no record, no annotation but
/// `provisioned-by`.
@Suite("Taking over from nfs-subdir-external-provisioner")
struct TakeoverTests {
    private static let oldName = "k8s-sigs.io/nfs-subdir-external-provisioner"

    /// A volume at `path` below the share, its directory with a file in it, bound to a new claim.
    private static func makeVolume(
        _ name: String,
        at path: String,
        class suffix: String,
        in scenario: Scenario
    ) async throws -> PersistentVolume {
        let directory = scenario.share.appending(path: path)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try scenario.write(name, to: directory.appending(path: "data"))
        let volume = PersistentVolume(
            metadata: ObjectMeta(
                name: "\(scenario.namespace)-\(name)",
                annotations: [AnnotationKey.provisionedBy: oldName(in: scenario)]
            ),
            spec: PersistentVolume.Spec(
                capacity: ["storage": Quantity(rawValue: "1Gi")],
                accessModes: [.readWriteOnce],
                nfs: PersistentVolume.NFSSource(server: scenario.bed.nfsServer, path: directory.path()),
                persistentVolumeReclaimPolicy: .delete,
                storageClassName: scenario.className(suffix)
            )
        )
        _ = try await scenario.admin.api().create(volume)
        try await scenario.createClaim(name, class: suffix) { $0.spec?.volumeName = volume.key.name }
        return try await scenario.boundVolume(of: name)
    }

    /// One name a scenario: controllers of several serve one cluster.
    private static func oldName(in scenario: Scenario) -> String { "\(oldName)-\(scenario.namespace)" }

    private static func createClasses(in scenario: Scenario) async throws {
        for (suffix, parameters) in [
            ("archive", [:]), ("delete", ["archiveOnDelete": "false"]), ("retain", ["onDelete": "retain"]),
        ] {
            _ = try await scenario.admin.api().create(
                StorageClass(
                    metadata: ObjectMeta(name: scenario.className(suffix)),
                    provisioner: oldName(in: scenario),
                    parameters: parameters,
                    reclaimPolicy: .delete
                )
            )
        }
    }

    @Test("T1: released volumes of every make leave the share as nfs-subdir-external-provisioner would have")
    func released() async throws {
        try await Scenario.run { scenario in
            try await Self.createClasses(in: scenario)
            let volumes = [
                try await Self.makeVolume("standard", at: "ns-standard-pvc-1", class: "archive", in: scenario),
                try await Self.makeVolume("nested", at: "team/app/nested", class: "archive", in: scenario),
                try await Self.makeVolume("old-style", at: "ns-old-style", class: "archive", in: scenario),
                try await Self.makeVolume("gone", at: "ns-gone-pvc-2", class: "delete", in: scenario),
                try await Self.makeVolume("kept", at: "ns-kept-pvc-3", class: "retain", in: scenario),
            ]
            let names = ["ADDITIONAL_PROVISIONER_NAMES": Self.oldName(in: scenario)]
            let controller = try scenario.startController(names)
            for claim in ["standard", "nested", "old-style", "gone", "kept"] { try await scenario.deleteClaim(claim) }
            for volume in volumes { try await scenario.expectGone(volume) }
            #expect(
                try scenario.listing(scenario.share) == [
                    "archived-nested", "archived-ns-old-style", "archived-ns-standard-pvc-1", "ns-kept-pvc-3", "team",
                ]
            )
            for (archive, name) in [
                ("archived-nested", "nested"), ("archived-ns-standard-pvc-1", "standard"), ("ns-kept-pvc-3", "kept"),
            ] {
                #expect(try scenario.read(scenario.share.appending(path: "\(archive)/data")) == name)
            }
            withExtendedLifetime(controller) {}
        }
    }

    @Test("T1, R8: where a pattern put two claims into one directory, the first release leaves it alone")
    func shared() async throws {
        try await Scenario.run { scenario in
            try await Self.createClasses(in: scenario)
            let first = try await Self.makeVolume("first", at: "team", class: "delete", in: scenario)
            let second = try await Self.makeVolume("second", at: "team", class: "delete", in: scenario)
            let names = ["ADDITIONAL_PROVISIONER_NAMES": Self.oldName(in: scenario)]
            let controller = try scenario.startController(names)
            try await scenario.deleteClaim("first")
            try await scenario.expectGone(first)
            #expect(try scenario.read(scenario.share.appending(path: "team/data")) == "second")
            try await scenario.deleteClaim("second")
            try await scenario.expectGone(second)
            #expect(try scenario.listing(scenario.share) == [])
            withExtendedLifetime(controller) {}
        }
    }

    @Test("T2: a claim of the old class gets the volume that nfs-subdir-external-provisioner would have made")
    func sameSpec() async throws {
        try await Scenario.run { scenario in
            try await Self.createClasses(in: scenario)
            let changes = ["ADDITIONAL_PROVISIONER_NAMES": Self.oldName(in: scenario), "ADD_FINALIZER": "false"]
            let controller = try scenario.startController(changes)
            try await scenario.createClaim("data", class: "archive")
            let volume = try await scenario.boundVolume(of: "data")
            let claim = try await scenario.claim("data")
            let directory = "\(scenario.namespace)-data-\(volume.key.name)"
            var spec = try #require(volume.spec)
            spec.claimRef?.resourceVersion = nil
            // pkg/provisioner of nfs-subdir-external-provisioner: what is not named here it leaves to the API server.
            #expect(
                spec
                    == PersistentVolume.Spec(
                        capacity: claim.spec?.resources?.requests,
                        accessModes: claim.spec?.accessModes,
                        nfs: PersistentVolume.NFSSource(
                            server: scenario.bed.nfsServer,
                            path: scenario.share.appending(path: directory).path()
                        ),
                        claimRef: claim.reference.withoutVersion,
                        persistentVolumeReclaimPolicy: .delete,
                        storageClassName: scenario.className("archive"),
                        volumeMode: .filesystem
                    )
            )
            #expect(volume.metadata.annotations?[AnnotationKey.provisionedBy] == Self.oldName(in: scenario))
            // T4: nothing of ours keeps the old provisioner from deleting it.
            #expect(volume.metadata.finalizers?.contains(FinalizerName.provisioner) != true)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("T4: before a rollback, the finalizer that the old provisioner would never remove is removed")
    func rollback() async throws {
        try await Scenario.run { scenario in
            try await Self.createClasses(in: scenario)
            let names = ["ADDITIONAL_PROVISIONER_NAMES": Self.oldName(in: scenario)]
            let controller = try scenario.startController(names)
            try await scenario.createClaim("data", class: "archive")
            let volume = try await scenario.boundVolume(of: "data")
            #expect(volume.metadata.finalizers?.contains(FinalizerName.provisioner) == true)
            controller.signal(SIGTERM)
            try await eventually("it has stopped") { !controller.isRunning }

            let last = try scenario.startController(names.merging(["ADD_FINALIZER": "false"]) { $1 })
            try await eventually("the finalizer is off") {
                try await scenario.volume(volume.key.name)?.metadata.finalizers?.contains(FinalizerName.provisioner)
                    == false
            }
            withExtendedLifetime(last) {}
        }
    }

    @Test("T3: adopt shows what would happen to each volume, and changes nothing")
    func forecast() async throws {
        try await Scenario.run { scenario in
            try await Self.createClasses(in: scenario)
            _ = try await Self.makeVolume("a-archive", at: "one", class: "archive", in: scenario)
            _ = try await Self.makeVolume("b-delete", at: "two", class: "delete", in: scenario)
            _ = try await Self.makeVolume("c-retain", at: "three", class: "retain", in: scenario)
            _ = try await Self.makeVolume("d-shared", at: "four", class: "delete", in: scenario)
            _ = try await Self.makeVolume("e-below", at: "four/below", class: "delete", in: scenario)
            let gone = try await Self.makeVolume("f-gone", at: "five", class: "archive", in: scenario)
            try FileManager.default.removeItem(at: scenario.directory(of: gone))
            try FileManager.default.createDirectory(
                at: scenario.share.appending(path: "archived-one"),
                withIntermediateDirectories: false
            )
            let before = try scenario.listing(scenario.share)

            let names = [
                "ADDITIONAL_PROVISIONER_NAMES": Self.oldName(in: scenario), "KUBECONFIG": scenario.bed.kubeconfig,
            ]
            let result = try await scenario.run(["adopt", "--output", "json"], names)
            #expect(result.code == 0)
            let document = try JSONDecoder().decode(AdoptCommand.Document.self, from: Data(result.output.utf8))
            #expect(document.volumes.map(\.onRelease) == [.archive, .delete, .retain, .retain, .delete, .refuse])
            #expect(document.volumes.first?.to == "archived-one")
            #expect(document.volumes.first?.reason.contains("archived-one is taken") == true)
            #expect(document.volumes.last?.reason.hasPrefix("five is not on") == true)
            let table = try await scenario.run(["adopt", "--dry-run"], names)
            #expect(table.output.contains("ON RELEASE"))
            // Not even the controller's folder.
            #expect(try scenario.listing(scenario.share) == before)
            let folder = scenario.share.appending(path: ".sb-nfs-provisioner").path()
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }
}

extension ObjectReference {
    fileprivate var withoutVersion: ObjectReference {
        var reference = self
        reference.resourceVersion = nil
        return reference
    }
}
