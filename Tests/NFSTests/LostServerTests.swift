import Foundation
import Synchronization
import TestBed
import Testing

@testable import NFS

/// Each test here stops or pauses a server of its own.
@Suite struct LostServerTests {
    @Test func aHungServerCostsTheDeadlineAndWorksWhenItGoesOn() async throws {
        let server = try await NFSServer()
        let export = server.export(options: server.options(timeout: .seconds(1)))
        let root = try await export.root()
        try await server.pause()
        for _ in 1...2 {
            let error = await expectFailure(.timedOut) {
                try await export.makeDirectory("a", in: root.handle, mode: 0o700)
            }
            #expect(
                error?.description
                    == "mkdir a on \(export.address): the server 127.0.0.1 did not answer within 1.0 seconds"
            )
            #expect(error?.outcomeUnknown == true)
        }
        server.resume()
        #expect(try await export.makeDirectory("b", in: root.handle, mode: 0o700).attributes.type == .directory)
        await export.close()
        try await server.stop()
    }

    @Test func aCallThatOnlyReadsIsSentAgainOnANewConnection() async throws {
        let server = try await NFSServer()
        var options = server.options(timeout: .milliseconds(500))
        options.retransmissions = 20
        let log = LogRecorder()
        let export = server.export(options: options, logger: log.logger)
        let root = try await export.root()
        try await server.pause()
        async let attributes = export.attributes(of: root.handle)
        try await eventually { log.messages.contains("retrying a call") }
        server.resume()
        #expect(try await attributes.fileid == root.attributes.fileid)
        await export.close()
        try await server.stop()
    }

    @Test func handlesOutliveTheServer() async throws {
        let server = try await NFSServer()
        let export = server.export(options: server.options(timeout: .seconds(1)))
        let root = try await export.root()
        let made = try await export.makeDirectory("a", in: root.handle, mode: 0o700)
        try await server.stop()
        let error = await expectFailure(.unreachable) {
            try await export.makeDirectory("b", in: made.handle, mode: 0o700)
        }
        #expect(error?.outcomeUnknown == false)
        try await server.restart()
        // The server may be left alone for longer than one call has.
        try await eventually { (try? await export.makeDirectory("b", in: made.handle, mode: 0o700)) != nil }
        #expect(try await export.root().handle == root.handle)
        await export.close()
        try await server.stop()
    }

    @Test func callsUnderWayWhenTheServerDiesFailAtOnce() async throws {
        let server = try await NFSServer()
        var options = server.options()
        options.connections = 1
        let export = server.export(options: options)
        let root = try await export.root()
        try await server.pause()
        await withTaskGroup(of: NFSError?.self) { group in
            for number in 0..<10 {
                group.addTask {
                    await expectFailure(.disconnected) {
                        try await export.makeDirectory(
                            NFSName(checked: Array("\(number)".utf8)),
                            in: root.handle,
                            mode: 0o700
                        )
                    }
                }
            }
            try? await eventually { export.callsUnderWay == 10 }
            server.kill()
            for await error in group { #expect(error?.outcomeUnknown == true) }
        }
        await export.close()
        try await server.stop()
    }

    /// A hung server leaves calls in our socket; when it goes on, the lease may be another's.
    @Test func callsThatWaitInASlowSocketAreNotSentOnceTheRightToWriteIsGone() async throws {
        let server = try await NFSServer()
        let mayWrite = Mutex(true)
        var options = server.options()
        options.connections = 1
        options.window = 400
        let export = server.export(options: options, mayWrite: { mayWrite.withLock { $0 } })
        let root = try await export.root()
        let file = try await export.createFile("file", in: root.handle, mode: 0o600).handle
        try await server.pause()
        let chunk = [UInt8](repeating: 1, count: 64 << 10)
        await withTaskGroup(of: NFSError?.self) { group in
            for number in 0..<400 {
                group.addTask {
                    do throws(NFSError) {
                        _ = try await export.write(chunk[...], to: file, at: UInt64(number * chunk.count))
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            try? await eventually { export.callsUnderWay == 400 }
            mayWrite.withLock { $0 = false }
            server.resume()
            // Some were in the server's hands already and may succeed.
            let details = await group.compactMap(\.?.detail).reduce(into: Set()) { $0.insert($1) }
            #expect(details == ["the right to write was lost while calls were in flight"])
        }
        let written = try await export.attributes(of: file).size
        #expect(written < UInt64(400 * chunk.count))
        await export.close()
        try await server.stop()
    }
}
