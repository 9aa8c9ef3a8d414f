import Foundation
import Kubernetes
import NFS
import TestBed
import Testing

@testable import Provisioning

@Suite("Making an archive from a copy on a real share")
struct ShareUnpackTests {
    /// An archive with data, its tar archive, and what the hook that copied it was told.
    private struct Copied {
        let copy: ArchiveCopy
        let record: ArchiveRecord
        let tar: [[UInt8]]

        var stream: any AsyncSequence<[UInt8], any Error> & Sendable {
            AsyncThrowingStream { continuation in
                for piece in tar { continuation.yield(piece) }
                continuation.finish()
            }
        }
    }

    private struct Damaged: Error {}

    private func copied(_ name: String, in fixture: ShareFixture) async throws -> Copied {
        let id = try await fixture.archiveWithData(name)
        let record = try #require(try fixture.record(ArchiveRecord.self, id))
        let event = record.event(.afterArchive, at: record.to, on: fixture.address.export)
        let tar = try await fixture.share.open { opened in
            let directory = try await opened.directory(of: record).handle
            var pieces: [[UInt8]] = []
            for try await piece in TreeTar(of: directory, on: fixture.share.export) { pieces.append(piece) }
            return pieces
        }
        return Copied(copy: ArchiveCopy(of: event, at: "nas2:/backup/\(id).tar"), record: record, tar: tar)
    }

    @discardableResult
    private func unpack(
        _ copied: Copied,
        in fixture: ShareFixture,
        cluster: String? = nil,
        interruptedAfter seconds: Int64 = 600
    ) async throws -> ArchiveRecord {
        try await fixture.share.unpack(
            copied.copy,
            cluster: cluster,
            interruptedAfter: seconds,
            tar: copied.stream,
            onProgress: { _ in }
        )
    }

    private func lose(_ copied: Copied, in fixture: ShareFixture) async throws {
        try await fixture.share.purge(copied.copy.id, reason: "test")
    }

    @Test("A14: a purged archive's copy becomes an archive of its own, which a claim gets its data from")
    func unpacked() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            try await lose(copied, in: fixture)
            let record = try await unpack(copied, in: fixture)
            #expect(record.state == .archived && record.copyOf == copied.copy.id && record.purge == nil)
            #expect(record.id.hasPrefix("\(copied.copy.id)-") && record.to.hasPrefix("\(copied.record.to)-"))
            #expect(record.from == copied.record.from && record.volumeName == copied.record.volumeName)
            #expect(try fixture.record(ArchiveRecord.self, copied.copy.id)?.state == .purged)
            #expect(record.claim == copied.record.claim && record.capacity == copied.record.capacity)
            #expect(record.reason == "restored from the copy \(copied.copy.place)")
            let saved = try #require(try fixture.record(ArchiveRecord.self, record.id))
            #expect(saved == record)
            #expect(try fixture.names(in: "staging") == [])
            #expect(try fixture.auditedActions.last == .unpacked)
            let plan = try fixture.plan("again", restoring: record.id)
            _ = try await fixture.provision(plan)
            #expect(try fixture.text("\(plan.path)/file") == "db")
        }
    }

    @Test("A volume that still exists does not become an archive too")
    func liveVolume() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            let plan = try fixture.plan("live")
            _ = try await fixture.provision(plan)
            var event = copied.copy.event
            event.archive = nil
            event.volume = plan.volumeName
            await #expect(throws: ShareError.self) {
                try await fixture.share.unpack(
                    ArchiveCopy(of: event, at: "nas2:/backup/live.tar"),
                    cluster: nil,
                    tar: copied.stream,
                    onProgress: { _ in }
                )
            }
            #expect(try fixture.record(ArchiveRecord.self, plan.volumeName) == nil)
        }
    }

    @Test("On another share without its record, the copy says whose data it is")
    func otherShare() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            try await ShareFixture.run { other in
                let record = try await unpack(copied, in: other, cluster: "here")
                #expect(record.claim == copied.record.claim && record.storageClass == copied.record.storageClass)
                #expect(record.id == copied.copy.id && record.copyOf == nil)
                #expect(record.to == copied.record.to && record.from == copied.record.from)
                #expect(record.cluster == "here" && record.notes == copied.record.notes)
                #expect(try other.text("\(record.to)/file") == "db")
            }
        }
    }

    @Test("An archive that exists on the share is not also made from a copy")
    func refused() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            let listing = try fixture.listing
            let error = await #expect(throws: ShareError.self) { try await unpack(copied, in: fixture) }
            #expect(error?.description.contains("it still exists as \(copied.record.to)") == true)
            var record = copied.record
            for state in [ArchiveRecord.State.intent, .renamed, .restoring, .purging] {
                record.state = state
                try fixture.put(record)
                await #expect(throws: ShareError.self, "\(state)") { try await unpack(copied, in: fixture) }
            }
            #expect(try fixture.listing == listing && fixture.names(in: "staging") == [])
            var bad = copied.copy
            bad.event.archive?.id = "../x"
            await #expect(throws: ShareError.self) {
                try await fixture.share.unpack(bad, cluster: nil, tar: copied.stream, onProgress: { _ in })
            }
        }
    }

    @Test("Nothing is left of a copy that proves to be damaged")
    func damaged() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            try await lose(copied, in: fixture)
            let before = try #require(try fixture.record(ArchiveRecord.self, copied.copy.id))
            let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
                for piece in copied.tar { continuation.yield(piece) }
                continuation.finish(throwing: Damaged())
            }
            await #expect(throws: Damaged.self) {
                try await fixture.share.unpack(copied.copy, cluster: nil, tar: stream, onProgress: { _ in })
            }
            #expect(try fixture.listing == [] && fixture.names(in: "staging") == [])
            #expect(try fixture.record(ArchiveRecord.self, copied.copy.id) == before)
        }
    }

    @Test("A14: of two simultaneous unpacks one makes the complete archive, and the other gets an error")
    func twice() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            try await lose(copied, in: fixture)
            let bed = try TestBed.current()
            let (processes, other) = try fixture.otherProcess(port: bed.nfsPort)
            let (begun, goOn) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
            let slow = AsyncThrowingStream<[UInt8], any Error> { continuation in
                Task {
                    begun.continuation.finish()
                    for await _ in goOn.stream {}
                    for piece in copied.tar { continuation.yield(piece) }
                    continuation.finish()
                }
            }
            async let first = other.unpack(copied.copy, cluster: nil, tar: slow, onProgress: { _ in })
            for await _ in begun.stream {}
            try await eventually("it has begun") { try !fixture.names(in: "staging").isEmpty }
            let record = try await unpack(copied, in: fixture)
            goOn.continuation.finish()
            do {
                _ = try await first
                Issue.record("both have made the archive")
            } catch {}
            #expect(try fixture.record(ArchiveRecord.self, record.id) == record)
            #expect(try fixture.listing == [record.to] && fixture.names(in: "staging") == [])
            #expect(try Set(fixture.names(in: "archives")) == ["\(copied.copy.id).json", "\(record.id).json"])
            #expect(try fixture.text("\(record.to)/file") == "db")
            await processes.close()
        }
    }

    @Test("A directory that has taken the archive's name stays, and the archive gets another")
    func nameTaken() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            try await ShareFixture.run { other in
                try FileManager.default.createDirectory(
                    at: other.url(copied.record.to),
                    withIntermediateDirectories: false
                )
                let record = try await unpack(copied, in: other)
                #expect(record.to != copied.record.to && record.to.hasPrefix("\(copied.record.to)-"))
                #expect(try other.text("\(record.to)/file") == "db")
            }
        }
    }

    @Test("A14: a rolled-back claim returns the archive it was restored from, not the one made from its copy")
    func withdrawn() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            let plan = try fixture.plan("again", restoring: copied.copy.id)
            _ = try await fixture.provision(plan)
            let made = try await unpack(copied, in: fixture)
            try await fixture.share.withdraw(plan)
            let old = try #require(try fixture.record(ArchiveRecord.self, copied.copy.id))
            #expect(old.state == .archived && old.directory.fileID == copied.record.directory.fileID)
            #expect(try fixture.listing == [old.to, made.to].sorted())
            #expect(try fixture.text("\(old.to)/file") == "db" && fixture.text("\(made.to)/file") == "db")
        }
    }

    @Test("A hold on an archive whose directory is lost also holds the archive made from its copy")
    func held() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            try await fixture.share.hold(copied.copy.id, reason: "court")
            try FileManager.default.removeItem(at: fixture.url(copied.record.to))
            let made = try await unpack(copied, in: fixture)
            // Its own record says that it is lost, or `archive verify` would go on missing it.
            #expect(try fixture.record(ArchiveRecord.self, copied.copy.id)?.state == .lost)
            #expect(try fixture.auditedActions.contains(.missing))
            await #expect(throws: ShareError.self) { try await fixture.share.purge(made.id, reason: "test") }
            try await fixture.share.releaseHold(made.id, reason: "over")
            try await fixture.share.purge(made.id, reason: "test")
        }
    }

    @Test("A restore that has written its record but not ended is left alone for ten minutes, then finished")
    func underWay() async throws {
        try await ShareFixture.run { fixture in
            let copied = try await copied("db", in: fixture)
            try await lose(copied, in: fixture)
            var record = try await unpack(copied, in: fixture)
            (record.state, record.archivedAt) = (.intent, nil)
            try fixture.put(record)
            let error = await #expect(throws: ShareError.self) { try await unpack(copied, in: fixture) }
            #expect(error?.description.contains("another command may be finishing it") == true)
            let finished = try await unpack(copied, in: fixture, interruptedAfter: 0)
            #expect(finished.id == record.id && finished.state == .archived)
            #expect(try fixture.listing == [record.to])
        }
    }

    @Test("Leftovers of an interrupted run are named, and what will continue it")
    func leftOver() throws {
        var contents = ShareContents()
        contents.staging = ["copy-pvc-1~7f"]
        contents.addArchive("pvc-2", state: .intent)
        contents.archives["pvc-2"]?.unpackedFrom = "nas2:/backup/pvc-2.tar"
        let findings = contents.verification.findings
        let staging = try #require(findings.first { $0.kind == .staging })
        #expect(staging.message.hasSuffix("copy restore pvc-1 starts again"))
        let unfinished = try #require(findings.first { $0.kind == .unfinishedArchive })
        #expect(unfinished.level == .problem && unfinished.message.hasSuffix("copy restore pvc-2 continues it"))
    }

    @Test("A crash before any change of the share leaves what the next run makes one archive of")
    func crashes() async throws {
        for changes in 0..<100 {
            var isDone = false
            try await ShareFixture.run { fixture in
                let copied = try await copied("db", in: fixture)
                try await lose(copied, in: fixture)
                fixture.gate.close(afterChanges: changes)
                do {
                    try await unpack(copied, in: fixture)
                    isDone = true
                } catch let error as NFSError {
                    #expect(error.code == .fenced || error.code == .disconnected, "\(error)")
                }
                fixture.gate.open()
                try await fixture.restart()
                if !isDone { try await unpack(copied, in: fixture, interruptedAfter: 0) }
                let made = try fixture.archives.filter { $0.copyOf == copied.copy.id && $0.state != .lost }
                #expect(made.count == 1)
                let record = try #require(made.first)
                #expect(record.state == .archived && record.archivedAt != nil)
                #expect(try fixture.listing == [record.to] && fixture.names(in: "staging") == [])
                #expect(try fixture.text("\(record.to)/file") == "db")
            }
            if isDone {
                #expect(changes > 8)
                return
            }
        }
        Issue.record("a hundred changes, and it is not done")
    }
}
