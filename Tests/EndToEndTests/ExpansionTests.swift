import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("A claim that asks for more")
struct ExpansionTests {
    private func request(_ size: String, _ claim: String, _ scenario: Scenario) async throws {
        _ = try await scenario.admin.api(PersistentVolumeClaim.self).patch(
            ObjectKey(namespace: scenario.namespace, name: claim),
            .merge(["spec": ["resources": ["requests": ["storage": .string(size)]]]])
        )
    }

    @Test("E1: the volume, its record and the claim get the new size; the API server refuses a smaller one")
    func larger() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass(allowsExpansion: true)
            try await scenario.createClaim("data")
            let name = try await scenario.boundVolume(of: "data").key.name

            try await request("3Gi", "data", scenario)
            try await scenario.expectEvent("VolumeResizeSuccessful", on: "data", saying: "NFS does not enforce")
            let size = ["storage": Quantity(rawValue: "3Gi")]
            let claim = try await scenario.claim("data")
            #expect(claim.status?.capacity == size)
            #expect(claim.status?.phase == .bound)
            #expect(claim.status?.conditions?.isEmpty ?? true)
            #expect(try await scenario.volume(name)?.spec?.capacity == size)
            let record = try scenario.read(
                scenario.share.appending(path: ".sb-nfs-provisioner/volumes/\(name).json")
            )
            #expect(record.contains(#""capacity" : "3Gi""#) || record.contains(#""capacity": "3Gi""#))

            await #expect(throws: KubernetesError.self) { try await request("2Gi", "data", scenario) }
            withExtendedLifetime(controller) {}
        }
    }

    @Test("E1: a volume made by nfs-subdir-external-provisioner grows too")
    func foreign() async throws {
        try await Scenario.run { scenario in
            try await scenario.createClass(allowsExpansion: true)
            let path = scenario.share.appending(path: "old").path()
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            let volume = PersistentVolume(
                metadata: ObjectMeta(
                    name: "\(scenario.namespace)-old",
                    annotations: [AnnotationKey.provisionedBy: scenario.provisioner]
                ),
                spec: PersistentVolume.Spec(
                    capacity: ["storage": Quantity(rawValue: "1Gi")],
                    accessModes: [.readWriteOnce],
                    nfs: PersistentVolume.NFSSource(server: scenario.bed.nfsServer, path: path),
                    persistentVolumeReclaimPolicy: .delete,
                    storageClassName: scenario.className("standard")
                )
            )
            _ = try await scenario.admin.api().create(volume)
            try await scenario.createClaim("data") { $0.spec?.volumeName = volume.key.name }
            #expect(try await scenario.boundVolume(of: "data").key == volume.key)

            try await request("2Gi", "data", scenario)
            let controller = try scenario.startController()
            try await eventually("the claim has its size") {
                try await scenario.claim("data").status?.capacity == ["storage": Quantity(rawValue: "2Gi")]
            }
            withExtendedLifetime(controller) {}
        }
    }

    @Test("E2: an expansion that would overcommit the export is refused, and the claim's owner learns why")
    func overcommitted() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController(["EXPANSION_OVERCOMMIT_LIMIT": "2"])
            try await scenario.createClass(allowsExpansion: true)
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")

            try await request("8Ei", "data", scenario)
            try await scenario.expectEvent("VolumeResizeFailed", on: "data", saying: "more than 2.0 times")
            #expect(try await scenario.volume(volume.key.name)?.spec?.capacity == volume.spec?.capacity)
            withExtendedLifetime(controller) {}
        }
    }
}
