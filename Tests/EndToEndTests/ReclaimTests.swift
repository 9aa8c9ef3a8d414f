import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("From a deleted claim to archive, deletion or neither")
struct ReclaimTests {
    @Test("R5, R9, R10: archive keeps the data under archived-…, says so, and deletes the volume")
    func archive() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try scenario.write("kept", to: scenario.directory(of: volume).appending(path: "file"))

            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            let archive = scenario.archive(of: volume)
            #expect(try scenario.read(archive.appending(path: "file")) == "kept")
            #expect(try scenario.listing(scenario.share) == [archive.lastPathComponent])
            try await scenario.expectEvent(
                "VolumeArchived",
                on: volume.key.name,
                in: "default",
                saying: archive.lastPathComponent
            )
            #expect(try scenario.audit(volume).map(\.action) == [.created, .archived])
            withExtendedLifetime(controller) {}
        }
    }

    @Test("R6: delete removes the directory and all that is in it, links not followed, and leaves no trash")
    func delete() async throws {
        try await Scenario.run { scenario in
            let outside = scenario.share.appending(path: "outside")
            try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
            try scenario.write("untouched", to: outside.appending(path: "file"))
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["onDelete": "delete"])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            let directory = scenario.directory(of: volume)
            let nested = directory.appending(path: "a/b/c")
            try FileManager.default.createDirectory(at: nested, withIntermediateDirectories: true)
            for index in 0..<50 { try scenario.write("x", to: nested.appending(path: "\(index)")) }
            try FileManager.default.createSymbolicLink(
                atPath: nested.appending(path: "link").path(),
                withDestinationPath: outside.path()
            )

            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            #expect(try scenario.listing(scenario.share) == ["outside"])
            #expect(try scenario.read(outside.appending(path: "file")) == "untouched")
            let trash = scenario.share.appending(path: ".sb-nfs-provisioner/trash")
            #expect(try FileManager.default.contentsOfDirectory(atPath: trash.path()) == [])
            #expect(try scenario.audit(volume).map(\.action) == [.created, .deleted])
            withExtendedLifetime(controller) {}
        }
    }

    @Test("R7: retain leaves the directory in place and deletes the volume")
    func retain() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["onDelete": "retain"])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try scenario.write("kept", to: scenario.directory(of: volume).appending(path: "file"))
            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            #expect(try scenario.read(scenario.directory(of: volume).appending(path: "file")) == "kept")
            #expect(try scenario.audit(volume).map(\.action) == [.created, .retained])
            withExtendedLifetime(controller) {}
        }
    }

    @Test("R1: reclaim policy Retain keeps the data and the volume")
    func retainPolicy() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass("kept", reclaimPolicy: .retain)
            try await scenario.createClass()
            try await scenario.createClaim("kept", class: "kept")
            try await scenario.createClaim("witness")
            let kept = try await scenario.boundVolume(of: "kept")
            let witness = try await scenario.boundVolume(of: "witness")
            try await scenario.deleteClaim("kept")
            try await eventually("released") { try await scenario.volume(kept.key.name)?.status?.phase == .released }
            try await scenario.deleteClaim("witness")
            try await scenario.expectGone(witness)
            #expect(try await scenario.volume(kept.key.name)?.status?.phase == .released)
            #expect(FileManager.default.fileExists(atPath: scenario.directory(of: kept).path()))
            withExtendedLifetime(controller) {}
        }
    }

    @Test("R2: a volume deleted while its claim uses it loses nothing, and is archived after the claim's deletion")
    func deletedWhileBound() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try scenario.write("kept", to: scenario.directory(of: volume).appending(path: "file"))
            try await scenario.admin.api(PersistentVolume.self).delete(volume.key)
            #expect(try await scenario.volume(volume.key.name)?.metadata.deletionTimestamp != nil)
            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            #expect(try scenario.read(scenario.archive(of: volume).appending(path: "file")) == "kept")
            withExtendedLifetime(controller) {}
        }
    }

    @Test("R5: an archive of that name exists: another name is used, and both are kept")
    func archiveNameTaken() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["pathPattern": "${.PVC.name}"])
            for text in ["first", "second"] {
                try await scenario.createClaim("data")
                let volume = try await scenario.boundVolume(of: "data")
                try scenario.write(text, to: scenario.directory(of: volume).appending(path: "file"))
                try await scenario.deleteClaim("data")
                try await scenario.expectGone(volume)
            }
            let archives = try scenario.listing(scenario.share)
            #expect(archives.count == 2 && archives[0] == "archived-data" && archives[1].hasPrefix("archived-data-"))
            let texts = try archives.map { try scenario.read(scenario.share.appending(path: "\($0)/file")) }
            #expect(texts == ["first", "second"])
            withExtendedLifetime(controller) {}
        }
    }

    @Test(
        "S4: a claim that is deleted and immediately recreated on the same path never gets the old directory",
        arguments: [
            ReleaseAction.archive, .delete,
        ]
    )
    func recreated(action: ReleaseAction) async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["pathPattern": "fixed", "onDelete": action.rawValue])
            for round in 0..<5 {
                try await scenario.createClaim("data")
                let volume = try await scenario.boundVolume(of: "data")
                let file = scenario.directory(of: volume).appending(path: "file")
                #expect(!FileManager.default.fileExists(atPath: file.path()))
                try scenario.write("\(round)", to: file)
                try await scenario.deleteClaim("data")
                try await eventually("the claim is gone") { try await scenario.exists(claim: "data") == false }
            }
            try await eventually("every directory is dealt with") {
                try !scenario.listing(scenario.share).contains("fixed")
            }
            let archives = try scenario.listing(scenario.share)
            #expect(archives.count == (action == .archive ? 5 : 0))
            let contents = try archives.map { try scenario.read(scenario.share.appending(path: "\($0)/file")) }
            #expect(contents.sorted() == (action == .archive ? ["0", "1", "2", "3", "4"] : []))
            withExtendedLifetime(controller) {}
        }
    }

    @Test("R4, S7: a directory missing from the right share is no obstacle; from a swapped share it is an error")
    func missingDirectory() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("gone")
            try await scenario.createClaim("swapped")
            let gone = try await scenario.boundVolume(of: "gone")
            let swapped = try await scenario.boundVolume(of: "swapped")
            try FileManager.default.removeItem(at: scenario.directory(of: gone))
            try await scenario.deleteClaim("gone")
            try await scenario.expectGone(gone)

            // The same path, another share: what an unmounted disk under the export looks like.
            try await scenario.rename(scenario.share, to: "aside-\(scenario.id)")
            try await scenario.makeDirectory(scenario.share)
            controller.signal(SIGKILL)
            let second = try scenario.startController()
            try await scenario.deleteClaim("swapped")
            try await scenario.expectEvent(
                "VolumeFailedDelete",
                on: swapped.key.name,
                in: "default",
                saying: "is not the share on which"
            )
            #expect(try await scenario.volume(swapped.key.name) != nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scenario.share.path()) == [])

            try await scenario.rename(scenario.share, to: "empty-\(scenario.id)")
            let aside = scenario.share.deletingLastPathComponent().appending(path: "aside-\(scenario.id)")
            try await scenario.rename(aside, to: scenario.share.lastPathComponent)
            try await scenario.expectGone(swapped)
            #expect(FileManager.default.fileExists(atPath: scenario.archive(of: swapped).path()))
            withExtendedLifetime(second) {}
        }
    }

    @Test("R8: of two volumes on one directory the first release leaves it alone, the second archives it")
    func sharedDirectory() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("first")
            let first = try await scenario.boundVolume(of: "first")
            var twin = first
            twin.metadata = ObjectMeta(name: "twin-\(scenario.id)", annotations: first.metadata.annotations)
            twin.spec?.claimRef = nil
            twin.status = nil
            twin = try await scenario.admin.api().create(twin)
            try await scenario.createClaim("second") { $0.spec?.volumeName = twin.key.name }
            _ = try await scenario.boundVolume(of: "second")
            try scenario.write("kept", to: scenario.directory(of: first).appending(path: "file"))

            try await scenario.deleteClaim("first")
            try await scenario.expectGone(first)
            try await scenario.expectEvent("VolumeRetained", on: first.key.name, in: "default", saying: twin.key.name)
            #expect(try scenario.read(scenario.directory(of: first).appending(path: "file")) == "kept")
            try await scenario.deleteClaim("second")
            try await scenario.expectGone(twin)
            #expect(try scenario.read(scenario.archive(of: first).appending(path: "file")) == "kept")
            withExtendedLifetime(controller) {}
        }
    }

    @Test("R9, R12: a volume on an export that nobody configured is not touched, and says so")
    func foreignExport() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            let name = try await scenario.createClass("other", on: scenario.otherShare.path())
            try await scenario.createClaim("data", class: "other")
            let volume = try await scenario.boundVolume(of: "data")
            try await scenario.admin.api(StorageClass.self).delete(ObjectKey(name: name))
            try await scenario.deleteClaim("data")
            try await scenario.expectEvent(
                "VolumeFailedDelete",
                on: volume.key.name,
                in: "default",
                saying: "is on no configured export"
            )
            #expect(FileManager.default.fileExists(atPath: scenario.directory(of: volume).path()))
            withExtendedLifetime(controller) {}
        }
    }
}
