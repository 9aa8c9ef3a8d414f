import Testing

@testable import NFS

/// What may go wrong on the server while a tree is removed.
@Suite struct RemoveTreeFaultTests {
    @Test("S10: a removal does not go into another file system")
    func anotherFileSystemIsNotGoneInto() async throws {
        try await ScriptedServer.with { call in
            switch call.name {
            case "lookup": .results(.found(type: 2))
            case "readdirplus": .results(.page(["mountpoint"], type: 2, fsid: 2, isLast: true))
            default: nil
            }
        } body: { server, export in
            let root = try await export.root()
            let error = await expectFailure(.crossesFileSystem) {
                try await export.removeTree("tree", in: root.handle)
            }
            #expect(error?.subject == "tree/mountpoint")
            #expect(server.count(of: "readdirplus") == 1)
            #expect(server.count(of: "remove") == 0 && server.count(of: "rmdir") == 0)
        }
    }

    /// Nothing to remove and yet not empty, or filled again each time.
    @Test(arguments: [[], ["new"]])
    func aDirectoryThatDoesNotGetEmptyEndsTheRemoval(_ names: [String]) async throws {
        try await ScriptedServer.with { call in
            switch call.name {
            case "lookup": .results(.found(type: 2))
            case "rmdir": .status(66)
            case "readdirplus": .results(.page(names, isLast: true))
            // So that a removal without an end is seen, not waited for.
            case "remove" where call.repetition > 100: .status(13)
            default: nil
            }
        } body: { server, export in
            let root = try await export.root()
            let error = await expectFailure(.notEmpty) { try await export.removeTree("tree", in: root.handle) }
            #expect(error?.subject == "tree")
            #expect(server.count(of: "readdirplus") == 16)
        }
    }

    /// A server that goes on listing directories which are not there.
    @Test func directoriesThatAreAlwaysGoneEndTheRemoval() async throws {
        try await ScriptedServer.with { call in
            switch call.name {
            case "lookup": .results(.found(type: 2))
            case "readdirplus" where call.repetition > 100: .status(13)
            case "readdirplus" where call.repetition.isMultiple(of: 2): .results(.page(["d"], type: 2, isLast: false))
            case "readdirplus": .status(70)
            default: nil
            }
        } body: { _, export in
            let root = try await export.root()
            _ = await expectFailure(.notEmpty) { try await export.removeTree("tree", in: root.handle) }
        }
    }

    /// As when a restarted server issues new handles: it is no proof that anything was removed.
    @Test(arguments: ["readdirplus", "rmdir", "remove"])
    func handlesThatAllGoStaleAreNoSuccess(_ first: String) async throws {
        try await ScriptedServer.with { call in
            switch call.name {
            case "lookup" where call.repetition == 0: .results(.found(type: 2))
            case "readdirplus" where first == "remove": .results(.page(["file"], isLast: true))
            case "readdirplus" where first == "rmdir": nil
            case "readdirplus", "rmdir", "remove", "lookup": .status(70)
            default: nil
            }
        } body: { server, export in
            let root = try await export.root()
            _ = await expectFailure(.stale) { try await export.removeTree("tree", in: root.handle) }
            #expect(server.count(of: first) == 1)
        }
    }

    @Test(arguments: [1, 2] as [UInt32])
    func anEntryThatIsStillThereIsNoSuccess(_ type: UInt32) async throws {
        try await ScriptedServer.with { call in
            switch call.name {
            case "lookup": .results(.found(type: type))
            case "readdirplus", "remove", "rmdir": .status(70)
            default: nil
            }
        } body: { _, export in
            let root = try await export.root()
            _ = await expectFailure(.notEmpty) { try await export.removeTree("tree", in: root.handle) }
        }
    }

    @Test func aDirectoryThatSomeoneElseRemovesIsFine() async throws {
        try await ScriptedServer.with { call in
            switch call.name {
            case "lookup": call.repetition == 0 ? .results(.found(type: 2)) : .status(2)
            case "readdirplus": .status(70)
            default: nil
            }
        } body: { _, export in
            let root = try await export.root()
            _ = try await export.removeTree("tree", in: root.handle)
        }
    }
}
