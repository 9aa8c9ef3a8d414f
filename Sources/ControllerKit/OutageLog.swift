import Logging

/// Reports a lasting failure once when it begins and once when it ends, not at every attempt.
struct OutageLog {
    private let logger: Logger
    private var start: ContinuousClock.Instant?

    init(logger: Logger) {
        self.logger = logger
    }

    mutating func failed(_ error: some Error) {
        guard start == nil else {
            logger.debug("still failing", metadata: ["error": "\(error)"])
            return
        }
        start = .now
        logger.warning("the API server does not answer or refuses; will retry", metadata: ["error": "\(error)"])
    }

    mutating func succeeded() {
        guard let start else { return }
        self.start = nil
        logger.info("the API server answers again", metadata: ["outage": "\(start.duration(to: .now))"])
    }
}
