import Foundation
import Simulation
import Testing

/// The real operations, explored on a simulated share for as long as a run of all tests has time; `make explore` goes on.
@Suite("No history of operations breaks a promise", .serialized)
struct ExplorationTests {
    @Test("All pairs of operations, interrupted once, with a kill, a fault or an admin's action before every call")
    func pairs() throws {
        var bounds = Bounds()
        bounds.turns = 1
        bounds.turnsWithEvent = 0
        try explore(Exploration.pairs(bounds: bounds), for: .seconds(40))
    }

    @Test("Ten operations, the same histories each time", arguments: [1, 4] as [UInt64])
    func random(seed: UInt64) throws {
        try explore([Exploration.random(seed: seed, scenarios: 1)], for: .seconds(30))
    }

    private func explore(_ jobs: [Exploration.Job], for limit: Duration) throws {
        let threads = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
        let (findings, failures) = Exploration(jobs, limit: limit).run(threads: threads)
        #expect(failures.isEmpty)
        #expect(findings.histories > 0)
        for violation in findings.violations.prefix(3) {
            let steps = violation.trace.joined(separator: "\n")
            let what = violation.what.joined(separator: "\n")
            Issue.record("\(violation.scenario), schedule \"\(violation.schedule)\"\n\(steps)\n\(what)")
        }
    }
}
