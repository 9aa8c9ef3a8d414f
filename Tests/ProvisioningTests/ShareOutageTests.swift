import NFS
import Testing

@testable import Provisioning

@Suite("A share that does not answer costs one worker, not all")
struct ShareOutageTests {
    static func error(_ code: NFSError.Code) -> NFSError {
        NFSError(code, operation: "mount", address: ExportAddress(server: "nas1", path: "/srv"))
    }

    @Test(
        "While one finds out whether it answers again, others fail at once",
        arguments: [NFSError.Code.unreachable, .timedOut]
    )
    func silent(code: NFSError.Code) async throws {
        let outage = ShareOutage()
        await #expect(throws: NFSError.self) { try await outage.run { throw Self.error(code) } }
        try await outage.run {
            // This one is finding out.
            let error = await #expect(throws: NFSError.self) {
                try await outage.run { Issue.record("a second one was let through") }
            }
            #expect(error?.code == code)
        }
        try await outage.run { try await outage.run {} }
    }

    @Test("Another failure says nothing of the server: it neither begins an outage nor ends the finding out")
    func otherFailure() async throws {
        let outage = ShareOutage()
        await #expect(throws: NFSError.self) { try await outage.run { throw Self.error(.permissionDenied) } }
        try await outage.run { try await outage.run {} }
        await #expect(throws: NFSError.self) { try await outage.run { throw Self.error(.timedOut) } }
        await #expect(throws: NFSError.self) { try await outage.run { throw Self.error(.cancelled) } }
        try await outage.run {}
    }
}
