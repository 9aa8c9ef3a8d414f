import TestBed

/// Histories of a scenario that chance decides.
package struct RandomHistories<Process: Sendable> {
    private let scenario: Scenario<Process>
    private var random: SeededGenerator

    package init(_ scenario: Scenario<Process>, seed: UInt64) {
        self.scenario = scenario
        random = SeededGenerator(seed: seed)
    }

    /// One history.
    package mutating func next() -> Findings {
        var events = eventSteps()
        let run = Run(scenario, Schedule())
        let result = run.toEnd { branches in
            if let step = events.first, step <= branches.step {
                events.removeFirst()
                return .deviate(event(branches))
            }
            guard !branches.turns.isEmpty, Int.random(in: 0..<6, using: &random) == 0 else { return .goOn }
            return .deviate(.turn(operation: random.pick(branches.turns)))
        }
        var findings = Findings()
        findings.histories = 1
        findings.calls = result.calls
        if !result.violations.isEmpty {
            findings.violations = [Explorer.violation(of: scenario, result.history.schedule)]
        }
        return findings
    }

    /// When something goes wrong: never in a third of the histories, twice at most.
    private mutating func eventSteps() -> [Int] {
        let count = Int.random(in: 0..<3, using: &random)
        return (0..<count).map { _ in Int.random(in: 0..<300, using: &random) }.sorted()
    }

    private mutating func event(_ branches: Branches) -> Event {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1:
            let process = random.pick(branches.processes.map(\.number))
            return .crash(process: process, answered: Bool.random(using: &random))
        case 2 where !scenario.deeds.isEmpty: return .deed(Int.random(in: scenario.deeds.indices, using: &random))
        default: return .fault(random.pick(scenario.faults))
        }
    }
}
