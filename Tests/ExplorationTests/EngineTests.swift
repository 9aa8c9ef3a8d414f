import Simulation
import Testing

/// What the explorer itself promises.
@Suite("The explorer")
struct EngineTests {
    @Test("Replays a schedule step by step")
    func replay() throws {
        let scenario = try ShareScenario.pair(.hold, .purge, processes: 2)
        let schedule = try #require(Schedule(parsing: "0>1 12>0 20!0"))
        let first = Explorer.violation(of: scenario, schedule)
        let second = Explorer.violation(of: scenario, schedule)
        #expect(first.trace.count > 20)
        #expect(first.trace == second.trace)
    }

    @Test("Schedules can be written and read", arguments: ["", "0>1", "3!0 4>1", "7!!1", "2~stale", "5@1 6>0"])
    func words(text: String) throws {
        #expect(try #require(Schedule(parsing: text)).description == text)
    }
}
