import Dispatch
import Synchronization
import TestBed
import Testing

@testable import NFS

/// Calls that the server has, when the right to write goes, their task is cancelled or nothing more comes back.
@Suite struct InterruptedCallTests {
    @Test func aChangeUnderWayEndsWithTheRightToWriteAndItsConnectionIsReset() async throws {
        let mayWrite = Mutex(true)
        try await ScriptedServer.with(
            answer: { $0.name == "mkdir" ? .silence : nil },
            mayWrite: { mayWrite.withLock { $0 } }
        ) { server, export in
            let root = try await export.root()
            async let error = expectFailure(.disconnected) {
                try await export.makeDirectory("a", in: root.handle, mode: 0o700)
            }
            try await eventually { server.count(of: "mkdir") == 1 }
            mayWrite.withLock { $0 = false }
            #expect(await error?.detail == "the right to write was lost while calls were in flight")
            #expect(await error?.outcomeUnknown == true)
            try await eventually { server.wasReset(after: "mkdir") }
        }
    }

    /// Otherwise a leader would go before what it asked for is done, and it would be done to its successor.
    @Test func aCancelledChangeIsWaitedForOnceItIsSent() async throws {
        let answers = DispatchSemaphore(value: 0)
        try await ScriptedServer.with { call in
            guard call.name == "mkdir" else { return nil }
            answers.wait()
            return .results(.made(type: 2))
        } body: { server, export in
            let root = try await export.root()
            let call = Task { try await export.makeDirectory("a", in: root.handle, mode: 0o700) }
            try await eventually { server.count(of: "mkdir") == 1 }
            call.cancel()
            answers.signal()
            #expect(try await call.value.attributes.type == .directory)
        }
    }

    /// Nobody waits for that call, but its place is needed.
    @Test func aConnectionThatFellSilentOverACancelledCallIsReplaced() async throws {
        try await ScriptedServer.with(
            answer: { $0.name == "getattr" && $0.repetition == 1 ? .silence : nil },
            options: {
                $0.timeout = .milliseconds(500)
                $0.retransmissions = 60
                $0.connections = 1
                $0.window = 1
            }
        ) { server, export in
            let root = try await export.root()
            let call = Task { try await export.attributes(of: root.handle) }
            try await eventually { server.count(of: "getattr") == 2 }
            call.cancel()
            _ = await expectFailure(.cancelled) { try await call.value }
            #expect(try await export.attributes(of: root.handle).type == .directory)
        }
    }

    /// Something in front of a dead server may take every connection and break it at the first call.
    @Test func aServerThatAnswersNothingIsLeftAloneForLongerEachTime() async throws {
        let server = try ScriptedServer { _ in .cut }
        defer { server.stop() }
        let options = ConnectionOptions(port: server.port)
        let endpoint = RPCEndpoint.nfs(of: ExportAddress(server: "127.0.0.1", path: "/"), options)
        let connection = RPCConnection(endpoint: endpoint, window: 1) { false }
        let root = try #require(FileHandle(bytes: [1]))
        let start = ContinuousClock.now
        for _ in 1...4 {
            await #expect(throws: RPCFailure.disconnected("the server closed the connection")) {
                try await connection.perform(
                    .getAttributes(of: root),
                    sentBy: .now + .seconds(30),
                    patience: .seconds(30)
                )
            }
        }
        // At least half of 0.1, 0.2 and 0.4 s lay between the four.
        #expect(.now - start >= .milliseconds(350))
        await connection.close()
    }
}
