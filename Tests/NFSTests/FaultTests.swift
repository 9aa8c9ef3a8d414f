import Testing

@testable import NFS

/// What a server may do wrong, or may leave out.
@Suite struct FaultTests {
    @Test func aBusyServerIsAskedAgain() async throws {
        try await withServer { call in
            guard call.name == "mkdir" else { return nil }
            return call.repetition < 2 ? .status(10008) : .results(.made(type: 2))
        } body: { server, export in
            _ = try await export.makeDirectory("a", in: export.root().handle, mode: 0o700)
            #expect(server.count(of: "mkdir") == 3)
        }
    }

    @Test func aServerThatStaysBusyCostsTheDeadline() async throws {
        try await withServer(timeout: .seconds(1)) {
            $0.name == "mkdir" ? .status(10008) : nil
        } body: { server, export in
            let root = try await export.root()
            let error = await expectFailure(.busy) { try await export.makeDirectory("a", in: root.handle, mode: 0o700) }
            #expect(error?.isRetriable == true && error?.outcomeUnknown == false)
        }
    }

    @Test func aStaleRootIsMountedAgain() async throws {
        try await withServer { call in
            switch (call.name, call.repetition) {
            case ("mount", 1): .results(.mounted(handle: "new"))
            case ("getattr", 1): .status(70)
            default: nil
            }
        } body: { server, export in
            let old = try await export.root()
            let new = try await export.root()
            #expect(old.handle != new.handle)
            #expect(server.count(of: "mount") == 2)
        }
    }

    @Test func mountingAgainGivesWhatIsExportedNow() async throws {
        try await withServer { call in
            call.name == "mount" && call.repetition > 0 ? .results(.mounted(handle: "new")) : nil
        } body: { _, export in
            let old = try await export.root()
            let new = try await export.remount()
            #expect(old.handle != new.handle)
            #expect(try await export.root().handle == new.handle)
        }
    }

    @Test func anExportThatAsksForKerberosSaysSo() async throws {
        try await withServer {
            $0.name == "mount" ? .results(.mounted(flavors: [390_003])) : nil
        } body: { _, export in
            let error = await expectFailure(.mountRefused) { try await export.root() }
            #expect(error?.description.contains("the export asks for Kerberos; allow sec=sys") == true)
        }
    }

    @Test func aCallTurnedAwayByTheRPCLayerSaysSo() async throws {
        try await withServer {
            $0.name == "mkdir" ? .rejected : nil
        } body: { _, export in
            let root = try await export.root()
            let error = await expectFailure(.rejected) { try await export.makeDirectory("a", in: root.handle, mode: 0) }
            #expect(error?.description.contains("the server rejected the request: ") == true)
        }
    }

    @Test func whatAReplyLeavesOutIsAskedFor() async throws {
        try await withServer {
            $0.name == "lookup" ? .results(.found(type: 2)) : nil
        } body: { server, export in
            let made = try await export.makeDirectory("a", in: export.root().handle, mode: 0o700)
            #expect(made.attributes.type == .directory)
            #expect(server.count(of: "mkdir") == 1 && server.count(of: "lookup") == 1)
        }
    }

    @Test(arguments: ["a/b", "../up", String(repeating: "x", count: 1025)])
    func aListingWithImpossibleNamesIsRefused(_ name: String) async throws {
        try await withServer { call in
            call.name == "readdirplus" ? .results(.page(["fine", name], isLast: true)) : nil
        } body: { _, export in
            let root = try await export.root()
            _ = await expectFailure(.malformedReply) { try await export.readDirectory(root.handle) }
        }
    }

    /// Some file systems have longer names than we make.
    @Test(arguments: [256, 1024])
    func aLongNameIsListedAndCanBeRemoved(_ length: Int) async throws {
        let name = String(repeating: "x", count: length)
        try await withServer { call in
            call.name == "readdirplus" ? .results(.page(["fine", name], isLast: true)) : nil
        } body: { server, export in
            let root = try await export.root()
            let names = try await export.readDirectory(root.handle).entries.map(\.name)
            #expect(names.map(\.string) == ["fine", name])
            for name in names { try await export.remove(name, in: root.handle) }
            #expect(server.count(of: "remove") == 2)
        }
    }

    @Test func dotAndDotDotAreNoEntries() async throws {
        try await withServer { call in
            call.name == "readdirplus" ? .results(.page([".", "..", "fine"], isLast: true)) : nil
        } body: { _, export in
            let page = try await export.readDirectory(export.root().handle)
            #expect(page.entries.map(\.name) == ["fine"])
        }
    }

    @Test func aListingThatNeverEndsIsRefused() async throws {
        try await withServer {
            $0.name == "readdirplus" ? .results(.page([], isLast: false)) : nil
        } body: { _, export in
            let root = try await export.root()
            _ = await expectFailure(.malformedReply) { try await export.readDirectory(root.handle) }
        }
    }

    @Test(arguments: [0, 65, 1000])
    func aHandleOfImpossibleLengthIsRefused(_ length: Int) async throws {
        let handle = [UInt8](repeating: 1, count: length)
        try await withServer { call in
            call.name == "lookup" ? .results(.found(type: 1, handle: handle)) : nil
        } body: { _, export in
            let root = try await export.root()
            let error = await #expect(throws: NFSError.self) { try await export.lookup("a", in: root.handle) }
            #expect(error?.code == .malformedReply || error?.code == .rejected, "\(error as Any)")
        }
    }

    @Test func aReplyCutShortLeavesAChangesOutcomeOpen() async throws {
        try await withServer {
            $0.name == "mkdir" ? .cut : nil
        } body: { server, export in
            let root = try await export.root()
            let error = await expectFailure(.disconnected) {
                try await export.makeDirectory("a", in: root.handle, mode: 0o700)
            }
            #expect(error?.outcomeUnknown == true)
            #expect(server.count(of: "mkdir") == 1)
        }
    }

    @Test func aQuestionWhoseReplyWasCutShortIsAskedAgain() async throws {
        try await withServer {
            $0.name == "getattr" && $0.repetition == 0 ? .cut : nil
        } body: { server, export in
            let root = try await export.root()
            #expect(root.attributes.type == .directory)
            #expect(server.count(of: "getattr") == 2)
        }
    }

    /// A connection on which nothing comes any more, as after a firewall forgot it, is not waited for twice.
    @Test func aConnectionThatFallsSilentIsReplaced() async throws {
        try await withServer(timeout: .seconds(2)) {
            $0.name == "mkdir" && $0.repetition == 0 ? .silence : nil
        } body: { _, export in
            let root = try await export.root()
            _ = await expectFailure(.timedOut) { try await export.makeDirectory("a", in: root.handle, mode: 0o700) }
            #expect(try await export.attributes(of: root.handle).type == .directory)
        }
    }

    /// The server restarted between WRITE and COMMIT and may have lost what was written.
    @Test func bytesUnderAnotherVerifierAreWrittenAgain() async throws {
        let half: UInt32 = 64 << 10
        try await withServer { call in
            switch call.name {
            case "create": .results(.made(type: 1))
            case "write": .results(.written(half, stable: 0, verifier: call.repetition < 2 ? 1 : 2))
            case "commit": .results(.committed(verifier: 2))
            default: nil
            }
        } body: { server, export in
            let root = try await export.root()
            let bytes = [UInt8](repeating: 0, count: 2 * Int(half))
            try await export.writeFileAtomically("a", in: root.handle, bytes: bytes)
            #expect(server.count(of: "write") == 4 && server.count(of: "commit") == 2)
            #expect(server.count(of: "rename") == 1)
        }
    }

    @Test(arguments: [(7, true), (8, false)] as [(UInt64, Bool)])
    func aRenameWhoseReplyWasLostIsLookedFor(_ fileid: UInt64, _ isDone: Bool) async throws {
        try await withServer { call in
            switch call.name {
            case "create": .results(.made(type: 1, fileid: 7))
            case "write": .results(.written(1, stable: 2, verifier: 1))
            case "rename": .cut
            case "lookup": .results(.found(type: 1, fileid: fileid))
            default: nil
            }
        } body: { _, export in
            let root = try await export.root()
            let write = { _ = try await export.writeFileAtomically("a", in: root.handle, bytes: [1]) }
            if isDone { try await write() } else { _ = await expectFailure(.disconnected, write) }
        }
    }

    /// Nothing takes the place of the old file before all of the new one is on the server's disk.
    @Test(arguments: ["create", "write", "commit", "rename"])
    func aFullShareLeavesTheOldFileAndNothingElse(_ step: String) async throws {
        let half: UInt32 = 64 << 10
        try await withServer { call in
            switch call.name {
            case step: .status(28)
            case "create": .results(.made(type: 1))
            case "write": .results(.written(half, stable: 0, verifier: 1))
            case "commit": .results(.committed(verifier: 1))
            default: nil
            }
        } body: { server, export in
            let root = try await export.root()
            let error = await expectFailure(.noSpace) {
                try await export.writeFileAtomically(
                    "a",
                    in: root.handle,
                    bytes: Array(repeating: 0, count: 2 * Int(half))
                )
            }
            #expect(error?.description.contains("\(export.address)") == true)
            #expect(server.count(of: "rename") == (step == "rename" ? 1 : 0))
            #expect(server.count(of: "remove") == 1)
            // The share goes on to be used.
            #expect(try await export.attributes(of: root.handle).type == .directory)
        }
    }

    private func withServer(
        timeout: Duration = .seconds(30),
        answer: @escaping @Sendable (ScriptedServer.Call) -> ScriptedServer.Answer?,
        body: (ScriptedServer, Export) async throws -> Void
    ) async throws {
        try await ScriptedServer.with(answer: answer, options: { $0.timeout = timeout }, body: body)
    }
}
