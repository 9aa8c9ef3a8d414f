import Foundation
import Testing

@testable import Kubernetes

@Suite("Models")
struct ModelTests {
    @Test func aNewVolumeIsWrittenWithoutNulls() throws {
        let volume = PersistentVolume(
            metadata: ObjectMeta(name: "pvc-1"),
            spec: PersistentVolume.Spec(
                capacity: ["storage": Quantity(rawValue: "1Gi")],
                accessModes: [.readWriteMany],
                nfs: PersistentVolume.NFSSource(server: "nas", path: "/x"),
                persistentVolumeReclaimPolicy: .delete
            )
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(
            String(decoding: try encoder.encode(volume), as: UTF8.self)
                == #"{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"pvc-1"},"#
                + #""spec":{"accessModes":["ReadWriteMany"],"capacity":{"storage":"1Gi"},"#
                + #""nfs":{"path":"/x","server":"nas"},"persistentVolumeReclaimPolicy":"Delete"}}"#
        )
    }

    @Test func unknownFieldsAndUnknownWordsAreNoTrouble() throws {
        let json = #"""
            {"metadata":{"name":"c","managedFields":[{}],"generation":3},"spec":{"accessModes":["ReadWriteSometimes"],
            "volumeAttributesClassName":"gold"},"status":{"phase":"Confused","conditions":[]}}
            """#
        let claim = try JSONDecoder().decode(PersistentVolumeClaim.self, from: Data(json.utf8))
        #expect(claim.spec?.accessModes == [AccessMode(rawValue: "ReadWriteSometimes")])
        #expect(claim.status?.phase?.rawValue == "Confused")
        #expect(claim.key == ObjectKey(name: "c"))
    }

    @Test func anObjectRefersToItselfInFull() throws {
        let json = #"{"metadata":{"namespace":"n","name":"c","uid":"u","resourceVersion":"5"}}"#
        let claim = try JSONDecoder().decode(PersistentVolumeClaim.self, from: Data(json.utf8))
        #expect(
            claim.reference
                == ObjectReference(
                    apiVersion: "v1",
                    kind: "PersistentVolumeClaim",
                    namespace: "n",
                    name: "c",
                    uid: "u",
                    resourceVersion: "5"
                )
        )
    }

    @Test func oneUnreadableObjectDoesNotSpoilAPage() throws {
        let json = #"""
            {"metadata":{"resourceVersion":"9","continue":""},"items":[{"metadata":{"name":"a"},"provisioner":"p"},
            {"metadata":{"name":"bad"},"provisioner":7},{"metadata":{"name":"b"},"provisioner":"p"},5]}
            """#
        let page = try JSONDecoder().decode(ListPage<StorageClass>.self, from: Data(json.utf8))
        #expect(page.items.map(\.key.name) == ["a", "b"])
        #expect(page.resourceVersion == "9")
        #expect(page.continueToken == nil)
        #expect(page.undecodable.first?.reason == "StorageClass bad: items[1].provisioner is of another type")
        #expect(page.undecodable.map(\.key) == [ObjectKey(name: "bad"), nil])
    }

    @Test func nullIsAnEmptyCollection() throws {
        let json = #"{"metadata":{"resourceVersion":"9"},"items":null}"#
        #expect(try JSONDecoder().decode(ListPage<StorageClass>.self, from: Data(json.utf8)).items.isEmpty)
    }
}
