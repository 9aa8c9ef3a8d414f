/// The plan of an operation on a tree: a value that hands out work in order and takes in the outcomes, but performs
/// nothing itself.
protocol TreePlan: Sendable {
    /// One piece of work, with sequential calls.
    associatedtype Work: Sendable
    associatedtype Outcome: Sendable
    associatedtype Progress: Sendable

    var progress: Progress { get }

    /// Returns what to do next. If there is nothing, and nothing is in progress, everything is done.
    mutating func next() -> Work?

    /// Takes in the outcome of a piece of work.
    mutating func finish(_ work: Work, _ outcome: Outcome)

    /// The path that a piece of work is about, for display.
    func path(of work: Work) -> String
}

extension TreePlan {
    /// Performs all of the work, `atOnce` pieces at a time.
    ///
    /// - Returns: The final progress.
    /// - Throws: The first error, with the path it happened at; other work in progress is then cancelled.
    func run(
        atOnce: Int,
        onProgress: @escaping @Sendable (Progress) -> Void,
        _ perform: @escaping @Sendable (Work) async throws(NFSError) -> Outcome
    ) async throws(NFSError) -> Progress {
        try await NFSEventLoop.withManyCalls {
            await outcome(atOnce: atOnce, onProgress: onProgress, perform)
        }.get()
    }

    private func outcome(
        atOnce: Int,
        onProgress: @escaping @Sendable (Progress) -> Void,
        _ perform: @escaping @Sendable (Work) async throws(NFSError) -> Outcome
    ) async -> Result<Progress, NFSError> {
        await withTaskGroup(of: (Work, Result<Outcome, NFSError>).self) { group in
            var plan = self
            var reports = ProgressReports(to: onProgress)
            var running = 0
            var failure: NFSError?
            while true {
                while failure == nil, running < atOnce, let work = plan.next() {
                    running += 1
                    group.addTask {
                        (work, await Result(of: { () throws(NFSError) in try await perform(work) }))
                    }
                }
                guard let (work, outcome) = await group.next() else { break }
                running -= 1
                switch outcome {
                case .success(let outcome):
                    plan.finish(work, outcome)
                    reports.tell(plan.progress)
                case .failure(let error) where failure == nil:
                    failure = error.at(plan.path(of: work))
                    group.cancelAll()
                case .failure: break
                }
            }
            return Result<Progress, NFSError>(failure: failure, else: plan.progress)
        }
    }
}

/// Reports the progress of some work, at most four times a second.
struct ProgressReports<Progress> {
    private static var interval: Duration { .milliseconds(250) }

    private let report: (Progress) -> Void
    private var next = ContinuousClock.now + Self.interval

    init(to report: @escaping (Progress) -> Void) { self.report = report }

    mutating func tell(_ progress: Progress) {
        let now = ContinuousClock.now
        guard now >= next else { return }
        next = now + Self.interval
        report(progress)
    }
}
