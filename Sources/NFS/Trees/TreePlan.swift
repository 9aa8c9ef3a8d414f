/// What is to be done on a tree, and in what order: a value that hands out work and takes in what came of it, and does
/// nothing itself.
protocol TreePlan: Sendable {
    /// One piece of work, which makes one call after the other.
    associatedtype Work: Sendable
    associatedtype Outcome: Sendable
    associatedtype Progress: Sendable

    var progress: Progress { get }

    /// What to do next. When there is nothing and nothing is under way either, all is done.
    mutating func next() -> Work?

    /// Takes in what came of a piece of work.
    mutating func finish(_ work: Work, _ outcome: Outcome)

    /// What a piece of work is about, for people.
    func path(of work: Work) -> String
}

extension TreePlan {
    /// Does all of the work, so many pieces at once.
    ///
    /// - Returns: The progress in the end.
    /// - Throws: The first error, as one of the path it happened at; the other work under way is cancelled then.
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

/// Passes on how far some work got, at most four times a second.
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
