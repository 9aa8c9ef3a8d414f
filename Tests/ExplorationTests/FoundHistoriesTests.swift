import Simulation
import Testing

/// Histories in which a promise was broken once. The numbers of their steps are those of the code at that time; the moments
/// around them are explored by ``ExplorationTests``.
@Suite("Histories that once broke a promise")
struct FoundHistoriesTests {
    struct Pair: Sendable, CustomTestStringConvertible {
        let first: ShareOperation
        let second: ShareOperation
        let schedule: String
        var processes = 2
        let testDescription: String
    }

    struct Ten: Sendable, CustomTestStringConvertible {
        let seed: UInt64
        let schedule: String
        let testDescription: String
    }

    @Test(
        arguments: [
            Pair(
                first: .provision,
                second: .copyRestore,
                schedule: "36~retransmission",
                testDescription: "a rename that was sent again counted as one that another command had prevented"
            ),
            Pair(
                first: .purge,
                second: .purge,
                schedule: "13>1 31>0",
                testDescription: "a purge put back what another had begun to remove"
            ),
            Pair(
                first: .copyRestore,
                second: .copyRestore,
                schedule: "23>1 69~stale",
                testDescription: "the record of a copy restore stayed for good, as another had made the archive"
            ),
            Pair(
                first: .hold,
                second: .retention,
                schedule: "12>1 46!!0",
                processes: 1,
                testDescription: "a hold that came too late kept retention from finishing a purge"
            ),
        ]
    )
    func pairs(pair: Pair) throws {
        let scenario = try ShareScenario.pair(pair.first, pair.second, processes: pair.processes)
        let schedule = try #require(Schedule(parsing: pair.schedule))
        let found = Explorer.violation(of: scenario, schedule)
        #expect(found.what == [], "\(found.trace.joined(separator: "\n"))")
    }

    @Test(
        arguments: [
            Ten(
                seed: 1004,
                schedule: "4>2 6>0 14>2 17>0 37>1 42>0 47>2 57>1 61>0 74>2 81>0 88>2 95>1 97>2 128!!0",
                testDescription: "a restored volume was put back as the archive that was made of a copy meanwhile"
            ),
            Ten(
                seed: 1136,
                schedule: "0>2 2>0 15>1 24>0 43>2 44>1 53>2 54>0 57>2 67>1",
                testDescription: "one archive got two names, and the record of the wrong one went"
            ),
            Ten(
                seed: 1119,
                schedule: "2>2 12>0 29>2 30>1 35>2 52>0 56>2 69>1 71>2 78>0 86>1 87>0 99>2 113>0 150>1 152>2 187!!0",
                testDescription: "what an interrupted copy restore had unpacked stayed, as another had made the archive"
            ),
        ]
    )
    func ten(history: Ten) throws {
        let schedule = try #require(Schedule(parsing: history.schedule))
        let found = Explorer.violation(of: try ShareScenario.random(seed: history.seed), schedule)
        #expect(found.what == [], "\(found.trace.joined(separator: "\n"))")
    }
}
