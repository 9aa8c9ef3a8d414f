import Foundation
import Synchronization
import Testing

@testable import NFS

/// A copy holds all that is there: what the server calls stale is looked up again by name.
@Suite struct StaleCopyTests {
    private static let stale = ScriptedServer.Answer.status(70)

    /// Whether a handle is stale costs nothing while none is.
    @Test func anArchiveTakesNoMoreCallsThanItsBytes() async throws {
        try await FaultyCopy.with(.tar) { copy in
            let counts = Mutex<[String: Int]>([:])
            try await copy.run { call in
                counts.withLock { $0[call.name, default: 0] += 1 }
                return nil
            }
            let calls = counts.withLock { $0 }
            // Of the two large files 8 and 7 chunks, and each once more, whether it grew.
            #expect(calls["read"] == 600 + 1 + 9 + 8)
            #expect(calls["readlink"] == 1 && calls["getattr"] == 2 && calls["lookup"] == nil)
        }
    }

    @Test(arguments: FaultyCopy.Kind.allCases, ["read", "readlink", "readdirplus"])
    func whatIsStaleOnceIsReadAllTheSame(_ kind: FaultyCopy.Kind, _ name: String) async throws {
        try await FaultyCopy.with(kind) { copy in
            // A restore waits for its source alone, and also lists its destination.
            let source = Set(copy.handles.values)
            let report = try await copy.run { call in
                guard call.name == name, name != "readdirplus" || source.contains(call.handle) else { return nil }
                return !call.repetition.isMultiple(of: 3) && call.repetition < 40 ? Self.stale : nil
            }
            try copy.expectToBeExact()
            #expect(report.vanished == 0 && report.changed == 0)
        }
    }

    /// Up to the top, which alone still answers.
    @Test(arguments: FaultyCopy.Kind.allCases)
    func theDirectoriesAboveAreFoundAgainToo(_ kind: FaultyCopy.Kind) async throws {
        try await FaultyCopy.with(kind) { copy in
            let below = Set(copy.handles.values)
            let left = Mutex(12)
            try await copy.run { call in
                guard ["read", "lookup", "readdirplus"].contains(call.name), below.contains(call.handle) else {
                    return nil
                }
                let isStale = left.withLock { left in
                    left -= 1
                    return left >= 0
                }
                return isStale ? Self.stale : nil
            }
            try copy.expectToBeExact()
        }
    }

    /// As while nfs-ganesha removes and adds an export. A tar copy waits for it; a restore, whose destination is on the same
    /// export, may end with an error and goes on when it is run again.
    @Test(arguments: FaultyCopy.Kind.allCases, [3, 40, 330])
    func anExportThatIsAwayForAWhileCostsNoData(_ kind: FaultyCopy.Kind, _ call: Int) async throws {
        try await FaultyCopy.with(kind) { copy in
            let calls = Mutex(0)
            let start = Mutex<ContinuousClock.Instant?>(nil)
            let run = {
                try await copy.run { _ in
                    let number = calls.withLock { calls in
                        calls += 1
                        return calls
                    }
                    guard number > call else { return nil }
                    let since = start.withLock { start in
                        start = start ?? .now
                        return start
                    }
                    return since.map { .now - $0 < .milliseconds(1500) } == true ? Self.stale : nil
                }
            }
            do {
                #expect(try await run().vanished == 0)
            } catch let error as NFSError where error.code == .stale && kind == .tree {
                try await copy.run()
            }
            try copy.expectToBeExact()
        }
    }

    @Test(arguments: FaultyCopy.Kind.allCases, ["read", "readlink", "readdirplus"])
    func whatStaysStaleFailsTheCopy(_ kind: FaultyCopy.Kind, _ name: String) async throws {
        try await FaultyCopy.with(kind) { copy in
            let start = ContinuousClock.now
            let first = name == "readlink" ? 0 : 3
            let error = await expectFailure(.stale) {
                try await copy.run(timeout: .seconds(1)) { call in
                    call.name == name && call.repetition >= first ? Self.stale : nil
                }
            }
            #expect(error?.subject.isEmpty == false && error?.isRetriable == true)
            #expect(.now - start < .seconds(60))
        }
    }

    @Test(arguments: FaultyCopy.Kind.allCases, ["a/b/small", "a/b/link"])
    func whatAnotherClientRemovesIsLeftOut(_ kind: FaultyCopy.Kind, _ file: String) async throws {
        try await FaultyCopy.with(kind) { copy in
            let path = copy.source.appending(path: file).path()
            let report = try await copy.run { [handle = copy.handles[file]] call in
                guard ["read", "readlink"].contains(call.name), call.handle == handle else { return nil }
                unlink(path)
                return Self.stale
            }
            let (copied, source) = (try TreeOnDisk(copy.destination), try TreeOnDisk(copy.source))
            #expect(copied.entries.mapValues(\.content) == source.entries.mapValues(\.content))
            if kind == .tar { #expect(report.vanished == 1) }
        }
    }

    @Test(arguments: FaultyCopy.Kind.allCases)
    func aDirectoryThatAnotherClientRemovesIsLeftOut(_ kind: FaultyCopy.Kind) async throws {
        try await FaultyCopy.with(kind) { copy in
            let report = try await copy.run { [handle = copy.handles["a/b"]] call in
                guard call.name == "readdirplus", call.handle == handle else { return nil }
                try? FileManager.default.removeItem(at: copy.source.appending(path: "a/b"))
                return Self.stale
            }
            #expect(try TreeOnDisk(copy.destination).entries.count == TreeOnDisk(copy.source).entries.count + 1)
            if kind == .tar { #expect(report.vanished == 1) }
        }
    }

    /// Also both names of one file, each by a file of its own.
    @Test(arguments: FaultyCopy.Kind.allCases, [("a/b/small", 70), ("a/b/large", 300_000), ("a/twin-1", 70_000)])
    func whatWasReplacedIsCopiedAsItIsNow(_ kind: FaultyCopy.Kind, _ file: (name: String, size: Int)) async throws {
        try await FaultyCopy.with(kind) { copy in
            let (path, once) = (copy.source.appending(path: file.name).path(), Once())
            let paths = [path, path.replacing("twin-1", with: "twin-2")]
            try await copy.run { [handle = copy.handles[file.name]] call in
                guard call.name == "read", call.handle == handle else { return nil }
                guard once.isFirst() else { return Self.stale }
                for (number, path) in Set(paths).enumerated() {
                    write(Array(pattern(file.size + number).reversed()), to: "\(path)-new")
                    rename("\(path)-new", path)
                }
                return Self.stale
            }
            let (copied, source) = (try TreeOnDisk(copy.destination), try TreeOnDisk(copy.source))
            #expect(copied.entries.mapValues(\.content) == source.entries.mapValues(\.content))
        }
    }

    /// The header of a large file is already written by then; a restore copies the file again.
    @Test(arguments: FaultyCopy.Kind.allCases, [true, false])
    func aLargeFileThatIsReplacedWhileItIsReadIsNoMixture(_ kind: FaultyCopy.Kind, _ isReplaced: Bool) async throws {
        try await FaultyCopy.with(kind) { copy in
            let (path, once) = (copy.source.appending(path: "a/b/large").path(), Once())
            let run = {
                try await copy.run { [handle = copy.handles["a/b/large"]] call in
                    guard call.name == "read", call.handle == handle, call.offset >= 131_072 else { return nil }
                    guard once.isFirst() else { return isReplaced ? nil : Self.stale }
                    unlink(path)
                    if isReplaced { write(Array(pattern(200_000).reversed()), to: path, seconds: 77) }
                    return Self.stale
                }
            }
            guard kind == .tree else {
                let error = await expectFailure(.changed, run)
                #expect(error?.subject == "./a/b/large")
                #expect(error?.description.hasSuffix("changed while it was copied; the copy will be retried") == true)
                return
            }
            _ = try await run()
            let (copied, source) = (try TreeOnDisk(copy.destination), try TreeOnDisk(copy.source))
            #expect(copied.entries.mapValues(\.content) == source.entries.mapValues(\.content))
        }
    }

    @Test(arguments: FaultyCopy.Kind.allCases)
    func aDirectoryThatIsReplacedWhileItIsListedFailsTheCopy(_ kind: FaultyCopy.Kind) async throws {
        try await FaultyCopy.with(kind) { copy in
            let (files, once) = (FileManager.default, Once())
            let many = copy.source.appending(path: "many")
            let error = await expectFailure(.changed) {
                try await copy.run { [handle = copy.handles["many"]] call in
                    guard call.name == "readdirplus", call.handle == handle, once.isFirst() else { return nil }
                    try? files.moveItem(at: many, to: copy.space.folder.appending(path: "old"))
                    try? files.createDirectory(at: many, withIntermediateDirectories: false)
                    return Self.stale
                }
            }
            #expect(error?.subject.contains("many") == true)
        }
    }

    /// What a fake says of nfs-ganesha above, of the real one.
    @Test(.timeLimit(.minutes(2))) func aRealServerThatTakesItsExportAwayCostsNoData() async throws {
        let server = try await NFSServer()
        let source = server.path("rw").appending(path: "source")
        try await makeWideTree(source)
        write(pattern(3_000_000), to: source.appending(path: "0/large").path())
        let export = server.export()
        let top = try await export.lookup("source", in: export.root().handle)
        var bytes: [UInt8] = []
        var pieces = 0
        let start = ContinuousClock.now
        for try await piece in TreeTar(of: top.handle, on: export, readsAtOnce: 2) {
            bytes += piece
            pieces += 1
            guard pieces == 20 else { continue }
            try server.setExports(areServed: false)
            Task {
                try await Task.sleep(for: .seconds(3))
                try server.setExports(areServed: true)
            }
            while (try? await export.attributes(of: top.handle)) != nil { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(.now - start > .seconds(3))
        await export.close()
        try await server.stop()
        let archive = server.path("archive.tar")
        try Data(bytes).write(to: archive)
        let unpacked = server.path("unpacked")
        try FileManager.default.createDirectory(at: unpacked, withIntermediateDirectories: false)
        let tar = try ChildProcess(["/usr/bin/env", "tar", "-xpf", archive.path(), "-C", unpacked.path()])
        #expect(await tar.exitStatus() == 0)
        #expect(try TreeOnDisk(unpacked).differences(from: TreeOnDisk(source)) == [])
    }

    /// A second run looks for what only the destination has.
    @Test func whatIsStaleInTheSourceIsNoSurplus() async throws {
        try await FaultyCopy.with(.tree) { copy in
            try await copy.run()
            let once = Once()
            let below = Set(copy.handles.values)
            _ = await expectFailure(.stale) {
                try await copy.run(timeout: .seconds(1)) { call in
                    call.name == "lookup" && below.contains(call.handle) ? Self.stale : nil
                }
            }
            try copy.expectToBeExact()
            try await copy.run { call in
                call.name == "lookup" && below.contains(call.handle) && once.isFirst() ? Self.stale : nil
            }
            try copy.expectToBeExact()
        }
    }
}
