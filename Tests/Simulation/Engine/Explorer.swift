import Synchronization

/// How far from the plain history histories may be.
package struct Bounds: Sendable {
    /// Interruptions of an operation by another.
    package var turns = 3
    /// Interruptions of a history in which there is a kill, a fault or a deed.
    package var turnsWithEvent = 1
    package var crashes = true
    package var faults = true
    package var deeds = true

    package init() {}
}

/// What was found.
package struct Findings: Sendable {
    package struct Violation: Sendable {
        package var scenario: String
        package var schedule: Schedule
        package var what: [String]
        /// The steps, for a person.
        package var trace: [String]
    }

    package var histories = 0
    /// Of these, those that went on like another from some moment on.
    package var equivalent = 0
    /// Those of which it was clear before they were begun.
    package var skipped = 0
    package var calls = 0
    package var violations: [Violation] = []

    package init() {}

    package mutating func add(_ other: Findings) {
        histories += other.histories
        equivalent += other.equivalent
        skipped += other.skipped
        calls += other.calls
        violations += other.violations
    }
}

/// Goes through the histories of a scenario.
package struct Explorer<Process: Sendable> {
    private struct Work {
        var schedule: Schedule
        var turns: Int
        var usedTurns = 0
        var hasEvent: Bool
        /// Of the moment after its last deviation, where that is known.
        var digest: Int?

        var budget: Budget { Budget(turns: turns, hasEvent: hasEvent) }
    }

    private struct Budget: Hashable {
        var turns: Int
        var hasEvent: Bool
    }

    private struct Moment: Hashable {
        var digest: Int
        var budget: Budget
    }

    private let scenario: Scenario<Process>
    private let bounds: Bounds
    /// After so many violations of a scenario it is enough.
    private let enough: Int
    private var seen: Set<Moment> = []
    private var work: [Work] = []
    package private(set) var findings = Findings()

    package init(_ scenario: Scenario<Process>, bounds: Bounds = Bounds(), enough: Int = 1) {
        self.scenario = scenario
        self.bounds = bounds
        self.enough = enough
    }

    /// All histories within the bounds; of those that go on alike from some moment on, one.
    ///
    /// - Parameter mayGoOn: Asked before each.
    /// - Returns: What was found.
    package mutating func exhaust(while mayGoOn: () -> Bool = { true }) -> Findings {
        work = [Work(schedule: Schedule(), turns: bounds.turns, hasEvent: false)]
        while let next = work.popLast(), mayGoOn(), findings.violations.count < enough {
            if let digest = next.digest, wasSeen(digest, next.budget) {
                findings.skipped += 1
            } else {
                explore(next)
            }
        }
        return findings
    }

    private mutating func explore(_ item: Work) {
        let run = Run(scenario, item.schedule)
        let result = run.toEnd { branches in extend(item, branches) ? .goOn : .isKnown }
        findings.histories += 1
        findings.calls += result.calls
        if result.isEquivalent { findings.equivalent += 1 }
        if !result.violations.isEmpty {
            findings.violations.append(Self.violation(of: scenario, item.schedule))
        }
    }

    /// The history again, written down.
    package static func violation(of scenario: Scenario<Process>, _ schedule: Schedule) -> Findings.Violation {
        let result = Run(scenario, schedule, isRecorded: true).toEnd()
        return Findings.Violation(
            scenario: scenario.name,
            schedule: schedule,
            what: result.violations,
            trace: result.trace
        )
    }

    /// Notes what else could be decided.
    ///
    /// - Returns: false if all that can come has been looked at.
    private mutating func extend(_ item: Work, _ branches: Branches) -> Bool {
        let budget = item.budget
        // Right after a turn the digest is that of the moment before it.
        let isFresh = !branches.isAtLastDeviation || item.schedule.deviations.last?.event.isTurn == false
        guard isFresh else { return true }
        guard isNew(branches.digest, budget) else { return false }
        let cost = branches.isInterruption ? 1 : 0
        for operation in branches.turns where item.turns >= cost {
            let digest = branches.digestAfter(operation)
            add(.turn(operation: operation), branches, to: item, cost: cost, digest: digest)
        }
        if !branches.isAtLastDeviation, !item.hasEvent, item.usedTurns <= bounds.turnsWithEvent {
            for event in events(branches) { add(event, branches, to: item, cost: 0) }
        }
        return true
    }

    private mutating func isNew(_ digest: Int, _ budget: Budget) -> Bool {
        guard !wasSeen(digest, budget) else { return false }
        seen.insert(Moment(digest: digest, budget: budget))
        return true
    }

    /// Whether that moment was met with no less left to be decided.
    private func wasSeen(_ digest: Int, _ budget: Budget) -> Bool {
        for turns in budget.turns...max(bounds.turns, budget.turns) {
            for hasEvent in budget.hasEvent ? [false, true] : [false] {
                let wider = Moment(digest: digest, budget: Budget(turns: turns, hasEvent: hasEvent))
                if seen.contains(wider) { return true }
            }
        }
        return false
    }

    private func events(_ branches: Branches) -> [Event] {
        var events: [Event] = []
        if bounds.crashes {
            for process in branches.processes {
                events.append(.crash(process: process.number, answered: false))
                if process.changes { events.append(.crash(process: process.number, answered: true)) }
            }
        }
        if bounds.faults { events += scenario.faults.map(Event.fault) }
        if bounds.deeds { events += scenario.deeds.indices.map(Event.deed) }
        return events
    }

    private mutating func add(
        _ event: Event,
        _ branches: Branches,
        to item: Work,
        cost: Int,
        digest: Int? = nil
    ) {
        var next = item
        next.digest = digest
        next.schedule.deviations.append(Schedule.Deviation(event, before: branches.step))
        next.usedTurns += cost
        next.turns -= cost
        if !event.isTurn {
            next.hasEvent = true
            next.turns = min(next.turns, bounds.turnsWithEvent - next.usedTurns)
        }
        work.append(next)
    }
}
