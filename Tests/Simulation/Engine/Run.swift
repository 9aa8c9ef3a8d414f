import Kubernetes
import NFS

/// One history of a scenario, from its start to its end.
final class Run<Process: Sendable> {
    /// What became of it.
    struct Result: Sendable {
        var history: History
        var violations: [String] = []
        /// How many calls were made.
        var calls: Int
        /// From some call on it was like another history, and was not followed any further.
        var isEquivalent: Bool
        var trace: [String]
    }

    /// More calls than this mean that it never ends.
    private static var longest: Int { 5000 }

    private let scenario: Scenario<Process>
    private let world: World
    private let processes: [Process]
    private var history: History
    private var calls = 0
    private var current: Int?
    private var isEquivalent = false
    private var violations: [String] = []

    init(_ scenario: Scenario<Process>, _ schedule: Schedule, isRecorded: Bool = false) {
        self.scenario = scenario
        let world = World(
            World.State(share: scenario.start.share, cluster: scenario.start.cluster),
            operations: scenario.operations.map { ($0.name, $0.process) },
            isRecorded: isRecorded
        )
        self.world = world
        let count = (scenario.operations.map(\.process).max() ?? 0) + 1
        processes = (0..<count).compactMap { Self.process($0, of: scenario, in: world) }
        let outcomes = scenario.operations.map { _ in String?.none }
        history = History(schedule: schedule, outcomes: outcomes, faults: [], deeds: [])
    }

    private static func process(_ number: Int, of scenario: Scenario<Process>, in world: World) -> Process? {
        let context = ProcessContext(number: number, cluster: SimulatedConnection(world: world, process: number))
        let makeProcess = scenario.makeProcess
        return world.make(in: number) { makeProcess(context) }
    }

    /// Lets it happen.
    ///
    /// - Parameter explorer: Told of everything that could have been decided otherwise after the schedule's last
    ///   deviation, and decides.
    /// - Returns: What came of it.
    func toEnd(_ explorer: (Branches) -> Decision = { _ in .goOn }) -> Result {
        world.executor.capturing {
            warmUp()
            for (number, operation) in scenario.operations.enumerated() { start(number, operation) }
            follow(explorer)
            if isEquivalent { abandon() } else { conclude() }
        }
        return Result(
            history: history,
            violations: violations,
            calls: calls,
            isEquivalent: isEquivalent,
            trace: world.trace ?? []
        )
    }

    private func warmUp() {
        guard let warmUp = scenario.warmUp else { return }
        let trace = world.trace
        world.trace = nil
        for (number, process) in processes.enumerated() {
            world.start(scenario.operations.count, in: number) {
                await warmUp(process)
                return "done"
            }
            while settle() { world.perform(next()) }
        }
        world.trace = trace
    }

    private func start(_ number: Int, _ operation: Scenario<Process>.Operation) {
        let (world, process) = (world, processes[operation.process])
        world.start(number, in: operation.process) { await operation.run(process) }
    }

    // MARK: The calls

    private func follow(_ explorer: (Branches) -> Decision) {
        var deviations = history.schedule.deviations[...]
        while calls < Self.longest {
            guard settle() else { return }
            let isDecided = !deviations.isEmpty
            while let next = deviations.first, next.step == calls {
                take(next.event)
                deviations.removeFirst()
            }
            // A crash may have ended all there was.
            guard settle() else { return }
            var operation = next()
            if !isDecided || deviations.isEmpty {
                let branches = branches(orElse: operation, isAtLastDeviation: isDecided)
                switch explorer(branches) {
                case .goOn: break
                case .isKnown:
                    isEquivalent = true
                    return
                case .deviate(let event):
                    history.schedule.deviations.append(Schedule.Deviation(event, before: calls))
                    take(event)
                    guard settle() else { return }
                    operation = next()
                }
            }
            perform(operation)
        }
        violations.append("does not end within \(Self.longest) calls")
    }

    /// Lets everybody run until all wait for an answer, or have ended.
    ///
    /// - Returns: false if there is no call to be carried out any more.
    private func settle() -> Bool {
        repeat { world.executor.drain() } while world.pending.isEmpty && world.executor.wake()
        return !world.pending.isEmpty
    }

    /// The operation that goes on if nothing else was decided: the one that was at it, else the first.
    private func next() -> Int {
        if let current, world.hasCall(of: current) { return current }
        return world.pending.map(\.operation).min() ?? 0
    }

    private func perform(_ operation: Int) {
        current = operation
        calls += 1
        world.perform(operation)
    }

    private func take(_ event: Event) {
        switch event {
        case .turn(let operation): if world.hasCall(of: operation) { current = operation }
        case .crash(let process, let answered): world.crash(process, answered: answered)
        case .fault(let fault):
            history.faults.insert(fault)
            world.begin(fault)
        case .deed(let number):
            let deed = scenario.deeds[number]
            if world.act(deed.name, { deed.run(&$0.share, &$0.cluster) }) { history.deeds.insert(number) }
        }
    }

    private func branches(orElse operation: Int, isAtLastDeviation: Bool) -> Branches {
        let others = Set(world.pending.map(\.operation)).subtracting([operation])
        // The first call, and one after an operation has ended, interrupts nobody.
        let isInterruption = current.map { world.hasCall(of: $0) } ?? false
        let running = Set(world.pending.map(\.process))
        return Branches(
            step: calls,
            turns: others.sorted(),
            isInterruption: isInterruption,
            processes: running.sorted().map { process in
                (process, world.pending.contains { $0.process == process && $0.changes })
            },
            digest: world.digest(current: operation),
            digestAfter: { [world] in world.digest(after: $0) },
            isAtLastDeviation: isAtLastDeviation
        )
    }

    // MARK: The end

    /// Ends all tasks of a history that is not followed any further.
    private func abandon() {
        for process in 0..<processes.count { world.crash(process, answered: false) }
        repeat { world.executor.drain() } while world.executor.wake()
    }

    /// Lets a process start that finishes what is unfinished, and looks at what there is then.
    private func conclude() {
        history.outcomes = world.outcomes
        for (number, outcome) in history.outcomes.enumerated() where outcome == nil {
            if world.isAlive(scenario.operations[number].process) {
                violations.append("\(scenario.operations[number].name) never ends")
            }
        }
        for (number, outcome) in history.outcomes.enumerated() {
            let words = outcome?.replacing("\u{1}", with: " | ") ?? "killed"
            world.note(["\(scenario.operations[number].name): \(words)"])
        }
        world.mend()
        for process in 0..<processes.count { world.crash(process, answered: false) }
        world.executor.drain()
        recover()
        let ending = Ending(history: history, share: world.state.share, cluster: world.state.cluster)
        violations += scenario.check(ending)
    }

    private func recover() {
        let number = processes.count
        guard let process = Self.process(number, of: scenario, in: world) else { return }
        let (recover, history) = (scenario.recover, history)
        world.start(scenario.operations.count, in: number) {
            await recover(process, history)
            return "done"
        }
        var calls = 0
        while settle(), calls < Self.longest {
            world.perform(next())
            calls += 1
        }
        if calls == Self.longest { violations.append("recovery does not end within \(Self.longest) calls") }
    }
}

/// What is decided before a call.
enum Decision {
    case goOn
    /// All that can come was looked at in another history.
    case isKnown
    case deviate(Event)
}

/// What could be decided before a call.
struct Branches {
    let step: Int
    /// Operations that could go on in the place of the one that will.
    let turns: [Int]
    /// Whether that would interrupt an operation.
    let isInterruption: Bool
    /// Processes that wait for an answer, and whether one of their calls changes something.
    let processes: [(number: Int, changes: Bool)]
    let digest: Int
    /// The digest of the moment after an operation's next call, if it goes on in place of the one that will.
    let digestAfter: (_ operation: Int) -> Int?
    /// Whether the schedule's last deviation happened before this very call.
    let isAtLastDeviation: Bool
}
