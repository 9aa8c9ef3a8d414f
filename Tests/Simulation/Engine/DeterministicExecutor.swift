import CSimulation
@_spi(ExperimentalScheduling) import _Concurrency

/// Runs all jobs of the tasks that prefer it, and those of the unstructured tasks that these start, on the one thread that
/// calls ``drain()``, in the order in which they were queued. Sleeping takes no time: ``wake()`` ends the shortest sleep.
final class DeterministicExecutor: TaskExecutor, SchedulingExecutor, @unchecked Sendable {
    // @unchecked: only the thread that owns it touches it.

    private enum Job {
        case preferring(UnownedJob)
        /// Of the global executor.
        case captured(UnsafeMutableRawPointer)
    }

    private var jobs: [Job] = []
    private var sleeping: [(end: Duration, job: UnownedJob)] = []
    /// How long the tasks have slept.
    private(set) var slept = Duration.zero

    /// Runs `body` on this thread with the jobs of unstructured tasks captured.
    func capturing<Value>(_ body: () -> Value) -> Value {
        simulation_capture_jobs(
            { context, job in
                guard let context else { return }
                Unmanaged<DeterministicExecutor>.fromOpaque(context).takeUnretainedValue().jobs.append(.captured(job))
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
        defer { simulation_capture_jobs(nil, nil) }
        return body()
    }

    /// Runs jobs until there is none: every task has ended, sleeps, or waits for an answer.
    func drain() {
        var next = 0
        while next < jobs.count {
            switch jobs[next] {
            case .preferring(let job): job.runSynchronously(on: asUnownedTaskExecutor())
            case .captured(let job): simulation_run_job(job)
            }
            next += 1
        }
        jobs.removeAll(keepingCapacity: true)
    }

    /// Lets the time go on to where the first task wakes up.
    ///
    /// - Returns: false if none sleeps.
    func wake() -> Bool {
        guard let first = sleeping.indices.min(by: { sleeping[$0].end < sleeping[$1].end }) else { return false }
        let (end, job) = sleeping.remove(at: first)
        slept = max(slept, end)
        jobs.append(.preferring(job))
        return true
    }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.append(.preferring(UnownedJob(job)))
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob,
        after delay: C.Duration,
        tolerance: C.Duration?,
        clock: C
    ) {
        sleep(UnownedJob(job), for: delay)
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob,
        at instant: C.Instant,
        tolerance: C.Duration?,
        clock: C
    ) {
        sleep(UnownedJob(job), for: clock.now.duration(to: instant))
    }

    /// The caller has computed the end from the real time, which has gone on since: that is rounded away.
    private func sleep(_ job: UnownedJob, for delay: some DurationProtocol) {
        let quantum = Duration.milliseconds(50)
        let delay = max(.zero, delay as? Duration ?? .zero)
        let rounded = quantum * Int((delay / quantum).rounded(.up))
        sleeping.append((slept + rounded, job))
    }
}
