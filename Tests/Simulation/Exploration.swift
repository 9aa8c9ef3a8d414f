import Foundation
import Synchronization

/// Explores scenarios on several threads.
package final class Exploration: Sendable {
    /// A part of the work; it asks now and then whether it may go on.
    package typealias Job = @Sendable (_ mayGoOn: @Sendable () -> Bool) throws -> Findings

    private let jobs: Mutex<[Job]>
    private let findings = Mutex(Findings())
    private let failures = Mutex<[String]>([])
    private let end: ContinuousClock.Instant?

    /// - Parameters:
    ///   - jobs: What is to be done, the first first.
    ///   - limit: How long it may take.
    package init(_ jobs: [Job], limit: Duration? = nil) {
        self.jobs = Mutex(jobs.reversed())
        end = limit.map { .now + $0 }
    }

    /// Does all jobs, and returns when they are done or their time is over.
    ///
    /// - Parameter threads: How many at a time.
    /// - Returns: What was found, and what could not be explored.
    package func run(threads: Int) -> (findings: Findings, failures: [String]) {
        let finished = DispatchSemaphore(value: 0)
        for _ in 0..<threads {
            let thread = Thread { [self] in
                while mayGoOn, let job = jobs.withLock({ $0.popLast() }) { perform(job) }
                finished.signal()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        for _ in 0..<threads { finished.wait() }
        return (findings.withLock { $0 }, failures.withLock { $0 })
    }

    private var mayGoOn: Bool { end.map { .now < $0 } ?? true }

    private func perform(_ job: Job) {
        do {
            let found = try job { self.mayGoOn }
            findings.withLock { $0.add(found) }
        } catch {
            failures.withLock { $0.append("\(error)") }
        }
    }
}

extension Exploration {
    /// All pairs of operations, in one process and in two.
    package static func pairs(
        of kinds: [ShareOperation] = ShareOperation.allCases,
        with others: [ShareOperation]? = nil,
        processes: [Int] = [2, 1],
        isCold: Bool = false,
        bounds: Bounds,
        enough: Int = 1,
        onScenario: @escaping @Sendable (String, Findings) -> Void = { _, _ in }
    ) -> [Job] {
        let pairs = kinds.enumerated().flatMap { index, first in
            (others ?? Array(kinds[index...])).map { (first, $0) }
        }
        return processes.flatMap { count in
            pairs.map { first, second -> Job in
                { (mayGoOn: @Sendable () -> Bool) in
                    let scenario = try ShareScenario.pair(first, second, processes: count, isCold: isCold)
                    var explorer = Explorer(scenario, bounds: bounds, enough: enough)
                    let found = explorer.exhaust(while: mayGoOn)
                    onScenario(scenario.name, found)
                    return found
                }
            }
        }
    }

    /// Histories of ten operations, fifty of each scenario.
    package static func random(
        seed: UInt64,
        scenarios: Int = .max,
        onFinding: @escaping @Sendable (Findings) -> Void = { _ in }
    ) -> Job {
        { mayGoOn in
            var findings = Findings()
            let first = seed
            var seed = seed
            while mayGoOn(), seed &- first < scenarios {
                // A scenario costs more to make than a history of it.
                let scenario = try ShareScenario.random(seed: seed)
                var histories = RandomHistories(scenario, seed: seed)
                for _ in 0..<50 where mayGoOn() {
                    let found = histories.next()
                    findings.add(found)
                    if !found.violations.isEmpty { onFinding(found) }
                }
                seed &+= 1
            }
            return findings
        }
    }
}
