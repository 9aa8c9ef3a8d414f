import NFS
import Testing

@testable import Provisioning

@Suite("A share that does not answer costs one worker, not all (L7)")
struct ShareOutageTests {
    static func error(_ code: NFSError.Code) -> NFSError {
        NFSError(code, operation: "mount", address: ExportAddress(server: "nas1", path: "/srv"))
    }

    /// A share whose server did not answer the last operation.
    static func silent(_ code: NFSError.Code = .timedOut) async -> ShareOutage {
        let outage = ShareOutage()
        await #expect(throws: NFSError.self) { try await outage.run(probe: {}) { throw Self.error(code) } }
        return outage
    }

    @Test(
        "While one probes the server, others fail immediately",
        arguments: [NFSError.Code.unreachable, .timedOut]
    )
    func finding(code: NFSError.Code) async throws {
        let outage = await Self.silent(code)
        try await outage.run(
            probe: {
                let error = await #expect(throws: NFSError.self) {
                    try await outage.run(probe: { Issue.record("a second one asks") }) {
                        Issue.record("a second one was let through")
                    }
                }
                #expect(error?.code == code)
            },
            {}
        )
        try await outage.run(probe: { Issue.record("it was known to answer") }) {}
    }

    @Test("Once one call was answered others proceed, however long its operation takes")
    func longOperation() async throws {
        let outage = await Self.silent()
        try await outage.run(probe: {}) {
            // As long as this one's hooks run.
            try await outage.run(probe: { Issue.record("it was known to answer") }) {}
        }
    }

    @Test("An operation does not begin while the server does not answer its first call")
    func stillSilent() async throws {
        let outage = await Self.silent()
        let error = await #expect(throws: NFSError.self) {
            try await outage.run(probe: { throw Self.error(.unreachable) }) { Issue.record("it began") }
        }
        #expect(error?.code == .unreachable)
        try await outage.run(probe: {}) {}
    }

    @Test("A server that refuses the first call answers", arguments: [NFSError.Code.stale, .permissionDenied])
    func refusal(code: NFSError.Code) async throws {
        let outage = await Self.silent()
        try await outage.run(probe: { throw Self.error(code) }) {}
        try await outage.run(probe: { Issue.record("it was known to answer") }) {}
    }

    @Test("A cancelled first call says nothing about the server: the next one probes it")
    func stopped() async throws {
        let outage = await Self.silent()
        await #expect(throws: NFSError.self) {
            try await outage.run(probe: { throw Self.error(.cancelled) }) { Issue.record("it began") }
        }
        var isAsked = false
        try await outage.run(probe: { isAsked = true }) {}
        #expect(isAsked)
    }

    @Test("Another failure of an operation starts no outage")
    func otherFailure() async throws {
        let outage = ShareOutage()
        await #expect(throws: NFSError.self) {
            try await outage.run(probe: {}) { throw Self.error(.permissionDenied) }
        }
        try await outage.run(probe: { Issue.record("it was known to answer") }) {}
    }
}
