import Foundation
import Glibc
import Synchronization
import Testing

@testable import NFS

/// A copy holds only what was read: a file that ends early is read again, or fails the copy.
@Suite struct ShortCopyTests {
    @Test(arguments: FaultyCopy.Kind.allCases, [("a/b/small", 100), ("a/b/large", 60_000), ("a/twin-1", 5)])
    func aFileThatIsCutBeforeItIsReadIsCopiedAsItIs(
        _ kind: FaultyCopy.Kind,
        _ file: (name: String, size: off_t)
    ) async throws {
        try await FaultyCopy.with(kind) { copy in
            let (path, once) = (copy.source.appending(path: file.name).path(), Once())
            try await copy.run { [handle = copy.handles[file.name]] call in
                if call.name == "read", call.handle == handle, once.isFirst() { truncate(path, file.size) }
                return nil
            }
            try copy.expectToBeExact()
        }
    }

    /// A restore starts a file over if the archive could not take back its header.
    @Test(arguments: FaultyCopy.Kind.allCases)
    func aLargeFileThatIsCutWhileItIsReadIsNotFilledUp(_ kind: FaultyCopy.Kind) async throws {
        try await FaultyCopy.with(kind) { copy in
            let (path, once) = (copy.source.appending(path: "a/b/large").path(), Once())
            let run = {
                try await copy.run { [handle = copy.handles["a/b/large"]] call in
                    guard call.name == "read", call.handle == handle, call.offset >= 131_072 else { return nil }
                    if once.isFirst() { truncate(path, 140_000) }
                    return nil
                }
            }
            guard kind == .tree else {
                #expect(await expectFailure(.changed, run)?.subject == "./a/b/large")
                return
            }
            _ = try await run()
            try copy.expectToBeExact()
        }
    }

    /// Linux allows 4,095 bytes. A copy that is complete and cannot be restored would be found out too late.
    @Test(arguments: FaultyCopy.Kind.allCases)
    func aLinkThatCannotBeMadeAgainFailsTheCopy(_ kind: FaultyCopy.Kind) async throws {
        try await FaultyCopy.with(kind) { copy in
            let target = String(repeating: "x/", count: 2000)
            try #require(symlink(target, copy.source.appending(path: "a/link").path()) == 0)
            let error = await expectFailure(.unsupported) { try await copy.run { _ in nil } }
            #expect(
                error?.subject.hasSuffix("a/link") == true && error.map { "\($0)" }?.contains("4000 bytes long") == true
            )
        }
    }

    @Test(arguments: FaultyCopy.Kind.allCases, ["a/b/small", "a/b/large", "a/twin-1"])
    func aFileThatAlwaysEndsEarlyFailsTheCopy(_ kind: FaultyCopy.Kind, _ file: String) async throws {
        try await FaultyCopy.with(kind) { copy in
            let error = await expectFailure(.changed) {
                try await copy.run { [handle = copy.handles[file]] call in
                    call.name == "read" && call.handle == handle ? .results(.read([1], isLast: true)) : nil
                }
            }
            #expect(error?.subject.hasSuffix(file) == true && error?.isRetriable == true)
        }
    }

    @Test(arguments: FaultyCopy.Kind.allCases)
    func noBytesAreNotTheEnd(_ kind: FaultyCopy.Kind) async throws {
        try await FaultyCopy.with(kind) { copy in
            let error = await expectFailure(.serverFault) {
                try await copy.run { [handle = copy.handles["a/b/small"]] call in
                    call.name == "read" && call.handle == handle ? .results(.read([], isLast: false)) : nil
                }
            }
            #expect(error?.description.contains("returned no bytes before the end of the file") == true)
        }
    }

    // MARK: File systems and types

    /// The source has one entry, the destination none.
    private static func listing(_ type: UInt32, fsid: UInt64, in call: ScriptedServer.Call) -> ScriptedServer.Answer? {
        guard call.handle == Array("root".utf8) else { return call.name == "lookup" ? .status(2) : nil }
        return switch call.name {
        case "readdirplus": .results(.page(["mountpoint"], type: type, fsid: fsid, isLast: true))
        case "lookup": .results(.found(type: type, fsid: fsid))
        default: nil
        }
    }

    private func copy(_ kind: FaultyCopy.Kind, _ export: Export) async throws {
        let top = try await export.root().handle
        switch kind {
        case .tar: for try await _ in TreeTar(of: top, on: export) {}
        case .tree: _ = try await export.copyTree(from: top, into: NFS.FileHandle(bytes: Array("other".utf8)) ?? top)
        }
    }

    /// The destination is another directory than the source.
    private static func attributes(_ call: ScriptedServer.Call, fsid: UInt64 = 1) -> ScriptedServer.Answer? {
        guard call.name == "getattr" else { return nil }
        return .results(.attributes(type: 2, fsid: fsid, fileid: call.handle == Array("other".utf8) ? 7 : 8))
    }

    /// A directory, and a file on which another is mounted.
    @Test(
        "S10: a file system mounted within a tree fails the copy",
        arguments: FaultyCopy.Kind.allCases,
        [2, 1] as [UInt32]
    )
    func aFileSystemMountedWithinATreeFailsTheCopy(_ kind: FaultyCopy.Kind, _ type: UInt32) async throws {
        try await ScriptedServer.with { call in
            Self.attributes(call) ?? Self.listing(type, fsid: 2, in: call)
        } body: { server, export in
            let error = await expectFailure(.crossesFileSystem) { try await copy(kind, export) }
            #expect(error?.subject.hasSuffix("mountpoint") == true || error?.subject.hasSuffix("mountpoint/") == true)
            #expect(error?.description.contains("another file system is mounted there") == true)
            #expect(server.count(of: "mkdir") == 0 && server.count(of: "create") == 0)
        }
    }

    /// As nfs-ganesha with another `Filesystem_Id`.
    @Test(arguments: FaultyCopy.Kind.allCases)
    func aServerThatIsStartedAgainWithAnotherFileSystemIDIsNoOtherFileSystem(_ kind: FaultyCopy.Kind) async throws {
        let isStartedAgain = Mutex(false)
        try await ScriptedServer.with { call in
            if call.name == "mkdir" { return .results(.made(type: 2)) }
            if call.name == "readdirplus" { isStartedAgain.withLock { $0 = true } }
            let fsid: UInt64 = isStartedAgain.withLock { $0 } ? 2 : 1
            return Self.attributes(call, fsid: fsid) ?? Self.listing(2, fsid: fsid, in: call)
        } body: { server, export in
            try await copy(kind, export)
            #expect(server.count(of: "readdirplus") >= 2)
        }
    }

    @Test(arguments: FaultyCopy.Kind.allCases)
    func aTypeThatTheServerDoesNotTellFailsTheCopy(_ kind: FaultyCopy.Kind) async throws {
        try await ScriptedServer.with { call in
            Self.attributes(call) ?? Self.listing(9, fsid: 1, in: call)
        } body: { _, export in
            let error = await expectFailure(.unsupported) { try await copy(kind, export) }
            #expect(error?.subject.hasSuffix("mountpoint") == true)
        }
    }

    @Test func aSumThatSkippedAFileSystemIsNoneIfTheServerChangedItsID() async throws {
        try await ScriptedServer.with { call in
            Self.attributes(call, fsid: call.repetition < 2 ? 1 : 2) ?? Self.listing(2, fsid: 2, in: call)
        } body: { _, export in
            let top = try await export.root().handle
            _ = await expectFailure(.changed) { try await export.measureTree(top) }
        }
    }

    @Test func aChainOfDirectoriesIsReleasedInAStackOfAnySize() throws {
        let handle = NFS.FileHandle(bytes: [1])
        let node = Node(handle: try #require(handle), attributes: TarSample.attributes(.directory))
        var last = SourceDirectory(top: node)
        for _ in 0..<1_000_000 { last = SourceDirectory(TreeEntry(name: "d", node: node), in: last) }
        #expect(last.parent != nil)
    }
}
