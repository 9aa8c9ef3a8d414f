import Foundation
import Synchronization
import TestBed
import Testing

@testable import NFS

@Suite struct CallTests {
    @Test func fiveHundredAtOnceOnTwoConnections() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        _ = try await space.export.makeDirectory(NFSName("\(number)"), in: space.directory, mode: 0o700)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.folder.path()).count == 500)
        }
    }

    @Test func aWindowOfOneStillLetsEveryCallThrough() async throws {
        let server = try await NFSServer.shared.value
        var options = server.options()
        options.window = 1
        options.connections = 1
        try await server.withDirectory(options: options) { space in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask { (try? await space.export.attributes(of: space.directory)) != nil }
                }
                for await isAnswered in group { #expect(isAnswered) }
            }
        }
    }

    @Test func aCancelledCallThatOnlyReadsReturnsAtOnce() async throws {
        let server = try await NFSServer()
        let export = server.export(options: server.options())
        let root = try await export.root()
        try await server.pause()
        let call = Task { try await export.attributes(of: root.handle) }
        try await eventually { export.callsUnderWay == 1 }
        call.cancel()
        _ = await expectFailure(.cancelled) { try await call.value }
        server.resume()
        // The late answer falls on nobody, and the connection goes on.
        #expect(try await export.attributes(of: root.handle).type == .directory)
        await export.close()
        try await server.stop()
    }

    @Test func aCancelledTaskSendsNoChange() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let call = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await space.export.makeDirectory("a", in: space.directory, mode: 0o700)
            }
            _ = await expectFailure(.cancelled) { try await call.value }
            let made = try FileManager.default.contentsOfDirectory(atPath: space.folder.path())
            #expect(made.isEmpty)
        }
    }

    @Test("L6: no change is sent once the right to write is gone")
    func noChangeIsSentOnceTheRightToWriteIsGone() async throws {
        let mayWrite = Mutex(true)
        let server = try await NFSServer.shared.value
        try await server.withDirectory(mayWrite: { mayWrite.withLock { $0 } }) { space in
            let file = try await space.export.createFile("file", in: space.directory, mode: 0o600).handle
            mayWrite.withLock { $0 = false }
            let export = space.export
            let directory = space.directory
            let changes: [(String, @Sendable () async throws -> Void)] = [
                ("mkdir", { _ = try await export.makeDirectory("a", in: directory, mode: 0o700) }),
                ("create", { _ = try await export.createFile("a", in: directory, mode: 0o600) }),
                ("remove", { try await export.remove("file", in: directory) }),
                ("rmdir", { try await export.removeDirectory("file", in: directory) }),
                ("rename", { try await export.rename("file", in: directory, to: "b", in: directory) }),
                ("setattr", { try await export.setAttributes(of: file, mode: 0) }),
                ("write", { _ = try await export.write([1], to: file, at: 0) }),
                ("commit", { _ = try await export.commit(file) }),
            ]
            for (name, change) in changes {
                let error = await expectFailure(.fenced) { try await change() }
                #expect(error?.operation == name)
                #expect(error?.outcomeUnknown == false)
            }
            #expect(try await export.lookup("file", in: directory).attributes.mode == 0o600)
        }
    }

    @Test func aClosedExportSaysSo() async throws {
        let export = try await NFSServer.shared.value.export()
        let root = try await export.root()
        await export.close()
        let error = await expectFailure(.closed) { try await export.attributes(of: root.handle) }
        #expect(error?.description == "getattr \(export.address): the connection to the export was closed")
    }
}
