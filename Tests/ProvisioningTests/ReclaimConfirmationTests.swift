import Foundation
import Kubernetes
import Synchronization
import Testing

@testable import Provisioning

@Suite("R3: the conditions of a release are read again after its hooks, from the API server")
struct ReclaimConfirmationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let words: String
        /// Done while the hook runs; returns what it made.
        let action: @Sendable (ReleasedVolume) async throws -> PersistentVolume?
    }

    @Test(
        "If the conditions have changed nothing is moved, and the event says what changed",
        arguments: [
            Row(testDescription: "another volume on the directory", words: "is on its directory or below it") {
                try await $0.makeNeighbour()
            },
            Row(testDescription: "another volume below it", words: "is on its directory or below it") {
                try await $0.makeNeighbour(below: "/a/b")
            },
            Row(testDescription: "policy Retain", words: "it no longer needs to be reclaimed") {
                try await $0.patch(["spec": ["persistentVolumeReclaimPolicy": "Retain"]])
                return nil
            },
            Row(testDescription: "another claim", words: "it is gone, or has another claim") {
                try await $0.patch(["spec": ["claimRef": ["uid": "another"]]])
                return nil
            },
            Row(testDescription: "a backup is required", words: "its backup requirement changed") {
                try await $0.patch(["metadata": ["annotations": [AnnotationKey.backup: "required"]]])
                return nil
            },
            Row(testDescription: "another class", words: "its class is gone or has another onDelete") {
                $0.know(class: ["onDelete": "archive"], version: 2)
                return nil
            },
            Row(testDescription: "a class that requires a backup", words: "its backup requirement changed") {
                $0.know(class: ["onDelete": "delete", "backup": "required"], version: 2)
                return nil
            },
            Row(testDescription: "deletion of the volume", words: "it was deleted") {
                try await $0.client.api(PersistentVolume.self).delete($0.volume.key)
                return nil
            },
        ]
    )
    func changed(row: Row) async throws {
        let admin = AdminOnShare()
        let hooks = ScriptedHooks([.beforePurge: .succeeded], meanwhile: { _ in try await admin.act() })
        try await ReleasedVolume.run(hooks: hooks) { released in
            let made = AdminOnShare.Made()
            admin.action.withLock { $0 = { made.note(try await row.action(released)) } }
            let error = await #expect(throws: ShareError.self) { _ = try await released.reconcile() }
            let expected = "volume \(released.volume.key) changed before its directory was moved: "
            let told = error?.description ?? ""
            #expect(told.hasPrefix(expected) && told.hasSuffix("; will retry") && told.contains(row.words), "\(told)")
            #expect(FileManager.default.fileExists(atPath: released.fixture.url("\(released.path)/file").path()))
            #expect(hooks.ran == [.beforePurge])
            if let neighbour = made.volume { try await released.remove(neighbour.key) }
        }
    }

    @Test("With nothing changed it is deleted, also beside volumes elsewhere")
    func unchanged() async throws {
        let hooks = ScriptedHooks([.beforePurge: .succeeded])
        try await ReleasedVolume.run(hooks: hooks) { released in
            let neighbour = try await released.makeNeighbour(below: "-2")
            _ = try await released.reconcile()
            #expect(try released.fixture.listing == [])
            #expect(try await !released.isThere)
            try await released.remove(neighbour.key)
        }
    }

    @Test("R8: a volume that leaves the directory to this one does not block it; one that acts on it does")
    func yielding() async throws {
        let admin = AdminOnShare()
        let hooks = ScriptedHooks([.beforePurge: .succeeded], meanwhile: { _ in try await admin.act() })
        try await ReleasedVolume.run(hooks: hooks) { released in
            let other = try await released.makeNeighbour()
            released.cluster.paths.insert(other)
            #expect(released.cluster.paths.leave(other, exportID: "x") == [released.volume.key.name])
            _ = try await released.reconcile()
            #expect(try released.fixture.listing == [])
            try await released.remove(other.key)
        }
        try await ReleasedVolume.run(hooks: hooks) { released in
            let other = try await released.makeNeighbour()
            admin.action.withLock {
                $0 = {
                    // It came while the hooks ran, was released, and found nobody else on the directory.
                    released.cluster.paths.insert(other)
                    #expect(released.cluster.paths.leave(other, exportID: "x") == [])
                }
            }
            await #expect(throws: ShareError.self) { _ = try await released.reconcile() }
            #expect(try released.fixture.listing.count == 1)
            try await released.remove(other.key)
        }
    }
}
