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
