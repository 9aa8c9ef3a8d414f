import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("A share written by the previous version keeps working")
struct EarlierShareTests {
    // MARK: Reading

    @Test("Every archive is in the catalogue, in the state it was left in")
    func catalogue() async throws {
        try await EarlierShare.run { share in
            var states: [String: ArchiveRecord.State] = [:]
            for entry in try await share.fixture.share.catalogue() {
                guard case .archive(let record, _) = entry else {
                    Issue.record("\(entry) should be an archive with a record")
                    continue
                }
                states[record.claim?.name ?? ""] = record.state
            }
            let expected: [String: ArchiveRecord.State] = [
                "archived": .archived, "copied": .archived, "held": .archived, "hooked": .archived,
                "intent": .intent, "renamed": .renamed, "restoring": .restoring, "moved": .restored,
                "purging": .purging, "purged": .purged,
            ]
            #expect(states == expected)
        }
    }

    @Test("Reading it changes no file of it; no more than a folder of holds and a reserve of room is added")
    func unchanged() async throws {
        try await EarlierShare.run { share in
            let before = try contents(of: share)
            _ = try await share.fixture.share.catalogue()
            _ = try await share.fixture.share.volumeRecords()
            let after = try contents(of: share)
            #expect(after.filter { before[$0.key] != nil } == before)
            let added = Set(after.keys).subtracting(before.keys)
            #expect(added.isSubset(of: ["holds", "reserve-0", "reserve-1", "reserve-2", "reserve-3"]))
        }
    }

    /// What lies in the controller's folder: a file with its bytes, a folder with none.
    private func contents(of share: EarlierShare) throws -> [String: Data] {
        let folder = share.fixture.url(".sb-nfs-provisioner").path()
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return Dictionary(
            uniqueKeysWithValues: names.map { ($0, FileManager.default.contents(atPath: "\(folder)/\($0)") ?? Data()) }
        )
    }

    @Test("The audit log is read completely")
    func audit() async throws {
        try await EarlierShare.run { share in
            let reading = try await share.fixture.share.auditEntries(since: nil, until: nil)
            #expect(reading.problems == [])
            let actions = Dictionary(grouping: reading.entries) { $0.claim?.name ?? "" }.mapValues { $0.map(\.action) }
            #expect(actions["adopted"] == [.adopted])
            #expect(actions["held"] == [.created, .archived, .held])
            #expect(actions["moved"] == [.created, .archived, .restored])
            #expect(actions["purged"] == [.created, .archived, .purged])
            #expect(actions["retained"] == [.created, .retained])
            #expect(reading.entries.count == 29)
            #expect(reading.entries.allSatisfy { $0.cluster == EarlierShare.cluster && $0.by != nil })
        }
    }

    @Test("What was measured is known, and is added to")
    func usage() async throws {
        try await EarlierShare.run { share in
            let (connection, live) = (share.fixture.share, try share.id("live"))
            #expect(try await connection.usageHistories().count == 14)
            let first = try #require(try await connection.usageHistories()[live]?.latest)
            var next = first
            next.at = Timestamp(seconds: first.at.seconds + 86_400)
            next.usedBytes += 4096
            var ledger = try await connection.usageLedger(of: EarlierShare.cluster)
            try await ledger.append(next, of: live)
            #expect(try await connection.usageHistories()[live]?.samples == [first, next])
        }
    }

    @Test("The volumes of a lost cluster are found by it")
    func recovery() async throws {
        try await EarlierShare.run { share in
            let (volumes, problems) = try await share.fixture.share.recoverableVolumes()
            #expect(problems == [])
            let claims = ["live", "live-by-pattern", "adopted", "moved-back", "copy", "restoring-back", "intent"]
            #expect(Set(volumes.map { $0.claim.metadata.name ?? "" }) == Set(claims))
        }
    }

    @Test("The age of an archive counts from the time at which it was asked for")
    func released() async throws {
        try await EarlierShare.run { share in
            let archive = try share.archive("archived")
            #expect(archive.releasedAt == nil && archive.dataReleasedAt == archive.requestedAt)
        }
    }

    // MARK: Holds

    @Test("A hold that its record has keeps an archive from a purge and from a move")
    func held() async throws {
        try await EarlierShare.run { share in
            let id = try share.id("held")
            #expect(try await share.fixture.share.archive(id).hold?.reason == "court order")
            var error = await #expect(throws: ShareError.self) {
                try await share.fixture.share.purge(id, reason: "old")
            }
            #expect(error?.description.contains("is held (court order): release the hold to purge it") == true)
            error = await #expect(throws: ShareError.self) {
                try await share.fixture.provision(try share.fixture.plan("again", restoring: id))
            }
            #expect(error?.description.contains("is held (court order): restore a copy of it") == true)
            #expect(try share.holds(share.archive("held").to, dataOf: "held"))
        }
    }

    @Test("Once released, it is no longer held, whatever its record says, and can be purged")
    func holdReleased() async throws {
        try await EarlierShare.run { share in
            let id = try share.id("held")
            let record = try Data(contentsOf: share.file("archives/\(id).json"))
            try await share.fixture.share.releaseHold(id, reason: "the case is closed")
            let holds = try share.fixture.names(in: "holds")
            #expect(holds.count == 1 && holds.allSatisfy { $0.hasPrefix(id) })
            #expect(try Data(contentsOf: share.file("archives/\(id).json")) == record)
            #expect(try await share.fixture.share.archive(id).hold == nil)
            let catalogue = try await share.fixture.share.catalogue()
            let isHeld = catalogue.contains { entry in
                if case .archive(let record, _) = entry { record.hold != nil } else { false }
            }
            #expect(!isHeld)
            try await share.fixture.share.purge(id, reason: "old")
            let purged = try share.archive("held")
            #expect(purged.state == .purged)
            #expect(!FileManager.default.fileExists(atPath: share.fixture.url(purged.to).path()))
        }
    }

    // MARK: Archives

    @Test(
        "An archive can be purged; a purge that was interrupted is finished by another",
        arguments: ["archived", "purging"]
    )
    func purged(claim: String) async throws {
        try await EarlierShare.run { share in
            let before = try share.archive(claim)
            try await share.fixture.share.purge(before.id, reason: "old")
            let record = try share.archive(claim)
            #expect(record.state == .purged && record.purge?.doneAt != nil)
            #expect(record.purge?.reason == before.purge?.reason ?? "old")
            #expect(!FileManager.default.fileExists(atPath: share.fixture.url(record.to).path()))
            let trash = try share.fixture.names(in: "trash")
            #expect(!trash.contains { $0.hasPrefix(record.id) })
        }
    }

    @Test("An archive becomes a claim's volume, by move or by copy", arguments: RestoreRequest.Mode.allCases)
    func restored(mode: RestoreRequest.Mode) async throws {
        try await EarlierShare.run { share in
            let before = try share.archive("archived")
            let plan = try share.fixture.plan("again", restoring: before.id, mode: mode)
            let directory = try await share.fixture.provision(plan)
            #expect(try share.holds(plan.path.description, dataOf: "archived"))
            #expect(directory.origin == .restored)
            #expect((directory.fileID == before.directory.fileID) == (mode == .move))
            #expect(try share.archive("archived").state == (mode == .move ? .restored : .archived))
        }
    }

    @Test("The results of its hooks count: an archive whose backup is required and failed is not purged")
    func hooked() async throws {
        try await EarlierShare.run { share in
            let archive = try share.archive("hooked")
            #expect(archive.hooks?.map(\.outcome) == [.succeeded, .failed])
            #expect(archive.hooks?.map(\.output) == ["12 tables dumped", "mail server is away"])
            let error = await #expect(throws: ShareError.self) {
                try await share.fixture.share.purge(archive.id, reason: "old")
            }
            #expect(error?.description.contains("needs a backup") == true)
            #expect(try share.holds(archive.to, dataOf: "hooked"))
        }
    }

    // MARK: Volumes

    @Test("A claim's volume is found, not created again")
    func live() async throws {
        try await EarlierShare.run { share in
            let (record, listing) = (try share.volume("live"), try share.fixture.listing)
            let directory = try await share.fixture.provision(try share.plan(goingOnWith: "live"))
            #expect(directory.origin == .created && directory.fileID == record.directory?.fileID)
            #expect(try share.fixture.listing == listing)
        }
    }

    @Test(
        "A volume is archived when it is released, whatever its directory came from",
        arguments: [
            ("live", "live"), ("live-by-pattern", "live-by-pattern"), ("adopted", "adopted"), ("moved-back", "moved"),
            ("copy", "copied"),
        ]
    )
    func archived(claim: String, data: String) async throws {
        try await EarlierShare.run { share in
            let plan = try share.release(claim)
            let name = "archived-\(plan.path.names.last ?? "")"
            #expect(try await share.fixture.reclaim(plan) == .archived(name: name))
            let (archive, volume) = (try share.archive(claim), try share.volume(claim))
            #expect(archive.state == .archived && archive.to == name)
            #expect(archive.claim == volume.claim && archive.notes == volume.notes)
            #expect(archive.cluster == EarlierShare.cluster)
            #expect(try share.holds(name, dataOf: data))
        }
    }

    @Test("S8: a directory that was adopted is not deleted with its volume")
    func adopted() async throws {
        try await EarlierShare.run { share in
            let plan = try share.release("adopted", action: .delete)
            #expect(try await share.fixture.reclaim(plan) == .archived(name: "archived-adopted"))
            #expect(try share.holds("archived-adopted", dataOf: "adopted"))
        }
    }

    @Test("A volume that was retained stays retained, whatever its class says now")
    func retained() async throws {
        try await EarlierShare.run { share in
            let plan = try share.release("retained", action: .delete)
            #expect(try await share.fixture.reclaim(plan) == .retained(reason: nil))
            #expect(try share.holds(plan.path.description, dataOf: "retained"))
        }
    }

    // MARK: What a killed controller left

    @Test(
        "An archive that was being made is finished: it is the same archive",
        arguments: ["intent", "renamed"]
    )
    func finished(claim: String) async throws {
        try await EarlierShare.run { share in
            let before = try share.archive(claim)
            #expect(try await share.fixture.reclaim(share.release(claim)) == .archived(name: before.to))
            let record = try share.archive(claim)
            #expect(record.state == .archived && record.requestedAt == before.requestedAt)
            #expect(try share.holds(record.to, dataOf: claim))
        }
    }

    @Test("Without its volume, an archive is finished if its directory was moved; otherwise the directory stays")
    func finishedWithoutVolume() async throws {
        try await EarlierShare.run { share in
            let (id, unmoved) = (try share.id("renamed"), try share.archive("intent"))
            #expect(try await share.fixture.share.finishAbandonedArchives(if: { _ in true }) == [id])
            #expect(try share.archive("renamed").state == .archived)
            #expect(try share.holds(unmoved.from, dataOf: "intent"))
            #expect(try share.holds(share.archive("renamed").to, dataOf: "renamed"))
        }
    }

    @Test("An archive on its way into a volume becomes that volume while its claim is there")
    func restoringForClaim() async throws {
        try await EarlierShare.run { share in
            let plan = try share.plan(goingOnWith: "restoring-back")
            let directory = try await share.fixture.provision(plan)
            #expect(directory.origin == .restored)
            let archive = try share.archive("restoring")
            #expect(archive.state == .restored && directory.fileID == archive.directory.fileID)
            #expect(try share.holds(plan.path.description, dataOf: "restoring"))
        }
    }

    @Test("If its claim is gone, it becomes an archive again")
    func restoringWithdrawn() async throws {
        try await EarlierShare.run { share in
            let volume = try share.id("restoring-back")
            let withdrawn = try await share.fixture.share.withdrawAbandoned(
                { $0 != volume },
                if: { _ in true },
                take: { _, _ in true },
                giveBack: { _ in }
            )
            #expect(withdrawn == [volume])
            let archive = try share.archive("restoring")
            #expect(archive.state == .archived && archive.restore == nil)
            #expect(try share.holds(archive.to, dataOf: "restoring"))
            #expect(try share.fixture.record(VolumeRecord.self, volume) == nil)
        }
    }

    // MARK: Fields

    @Test("Fields that a later version or an admin wrote into its records stay")
    func unknownFields() async throws {
        try await EarlierShare.run { share in
            let records = [
                "archives/\(try share.id("archived")).json", "volumes/\(try share.id("live")).json",
            ]
            let (ticket, generation) = (#""ticket" : "4711""#, #""generation" : 7"#)
            for record in records {
                try share.insert("\(ticket),\n  ", before: #""version" : 1"#, inRecord: record)
                try share.insert("\(generation),\n    ", before: #""fsid" :"#, inRecord: record)
            }
            try await share.fixture.share.purge(try share.id("archived"), reason: "old")
            _ = try await share.fixture.reclaim(share.release("live", action: .retain))
            #expect(try share.archive("archived").state == .purged)
            #expect(try share.volume("live").release?.action == .retain)
            for record in records {
                let text = try String(contentsOf: share.file(record), encoding: .utf8)
                #expect(text.contains(ticket) && text.contains(generation))
            }
        }
    }
}
