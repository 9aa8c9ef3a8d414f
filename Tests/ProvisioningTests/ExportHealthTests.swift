import Testing

@testable import Provisioning

@Suite("Which exports answer")
struct ExportHealthTests {
    private let now = ContinuousClock.now
    private let health = ExportHealth()

    private func export(_ server: String = "nas") throws -> ExportPath {
        try #require(ExportPath(server: server, path: "/srv"))
    }

    private func states(after seconds: Int = 0) -> [ExportHealth.State] {
        health.states(at: now + .seconds(seconds)).map(\.state)
    }

    @Test("An unchecked export counts as down; afterwards the last check counts")
    func seen() throws {
        #expect(!health.areKnown && states() == [])
        health.keep(only: [try export()])
        #expect(health.areKnown)
        #expect(states() == [.silent(reason: "not probed yet")])
        health.begin(try export(), at: now)
        health.end(try export(), .answering)
        #expect(states() == [.answering])
        health.end(try export(), .silent(reason: "refused"))
        #expect(states() == [.silent(reason: "refused")])
        health.end(try export(), nil)
        #expect(states() == [.silent(reason: "refused")], "a look that was cut short has seen nothing")
    }

    @Test("An export whose check hangs counts as silent for that long; then it may answer")
    func hanging() throws {
        health.keep(only: [try export()])
        health.end(try export(), .answering)
        health.begin(try export(), at: now)
        #expect(states(after: 9) == [.answering])
        #expect(states(after: 12) == [.silent(reason: "no answer for 12 seconds")])
        health.end(try export(), .answering)
        #expect(states(after: 13) == [.answering])
    }

    @Test("Exports no longer configured are gone, also if a check of them ends later")
    func gone() throws {
        health.keep(only: [try export("b"), try export("a")])
        #expect(health.states().map(\.export.server) == ["a", "b"])
        health.keep(only: [try export("b")])
        health.end(try export("a"), .answering)
        #expect(health.states().map(\.export.server) == ["b"])
    }
}
