import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("Broken, foreign or missing records: a clear error, and the rest keeps working")
struct BadRecordTests {
    @Test(
        "A11: an unusable record is named, changes nothing, and hides no other archive",
        arguments: [
            (#"{"version": 1, "id""#, "cannot be read"), ("", "cannot be read"), ("[]", "cannot be read"),
            (#"{"kind": "ConfigMap"}"#, "cannot be read"), ("\u{0}\u{1}\u{2}", "cannot be read"),
        ]
    )
    func unusable(text: String, sentence: String) async throws {
        try await ShareFixture.run { fixture in
            let id = try await ShareCatalogueTests.archive("db", on: fixture)
            let other = try await ShareCatalogueTests.archive("other", on: fixture)
            let file = fixture.url(".sb-nfs-provisioner/archives/\(id).json")
            try Data(text.utf8).write(to: file)
            for action in [fixture.share.hold, { id, reason in try await fixture.share.purge(id, reason: reason) }] {
                let error = await #expect(throws: ShareError.self) { try await action(id, "r") }
                #expect(error?.description.contains("archives/\(id).json on \(fixture.address) \(sentence)") == true)
            }
            #expect(try String(contentsOf: file, encoding: .utf8) == text)
            #expect(try await fixture.share.catalogue().contains { $0.id == other })
            #expect(try fixture.listing.count == 2)
        }
    }

    @Test("A11: a record of a later version is not touched; one that was copied to another id is not that archive's")
    func foreign() async throws {
        try await ShareFixture.run { fixture in
            let id = try await ShareCatalogueTests.archive("db", on: fixture)
            var record = try #require(try fixture.record(ArchiveRecord.self, id))
            let archives = fixture.url(".sb-nfs-provisioner/archives")
            try FileManager.default.copyItem(
                at: archives.appending(path: "\(id).json"),
                to: archives.appending(path: "copy.json")
            )
            var error = await #expect(throws: ShareError.self) { try await fixture.share.purge("copy", reason: "r") }
            #expect(error?.description.contains("belongs to \(id): rename it to match, or move it away") == true)
            record.version = 2
            try fixture.put(record)
            error = await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "r") }
            #expect(error?.description.contains("has version 2, which this program is too old to read") == true)
            #expect(try fixture.listing.count == 1)
        }
    }

    @Test("A folder or an endless file in a record's place hides no other")
    func noFile() async throws {
        try await ShareFixture.run { fixture in
            let id = try await ShareCatalogueTests.archive("db", on: fixture)
            let archives = fixture.url(".sb-nfs-provisioner/archives")
            try FileManager.default.createDirectory(
                at: archives.appending(path: "folder.json"),
                withIntermediateDirectories: false
            )
            try Data(count: 2 << 20).write(to: archives.appending(path: "endless.json"))
            let catalogue = try await fixture.share.catalogue()
            #expect(Set(catalogue.map(\.id)) == [id, "folder", "endless"] && catalogue.count == 3)
        }
    }

    @Test(
        "An id that cannot be a file name is no archive id",
        arguments: ["pvc-0", "../../x", "a/b", "/", ".", "..", "", "a\0b", String(repeating: "x", count: 256)]
    )
    func noName(id: String) async throws {
        try await ShareFixture.run { fixture in
            _ = try await ShareCatalogueTests.archive("db", on: fixture)
            #expect(try await fixture.share.archiveIfPresent(id) == nil)
            for action in [fixture.share.hold, fixture.share.releaseHold] {
                let error = await #expect(throws: ShareError.self) { try await action(id, "r") }
                #expect(error?.description.contains("there is no archive \(id) on \(fixture.address)") == true)
            }
            #expect(try fixture.auditedActions == [.created, .archived])
        }
    }
}

extension CatalogueEntry {
    fileprivate var id: String {
        switch self {
        case .archive(let record, _): record.id
        case .unreadable(let name, _), .foreign(let name): name
        }
    }
}
