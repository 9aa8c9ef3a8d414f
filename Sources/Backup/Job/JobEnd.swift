import Kubernetes

/// How a Job ended.
enum JobEnd: Hashable, Sendable {
    case complete
    case failed(reason: String?, message: String?)

    /// `nil` while it has not.
    init?(_ job: Job) {
        if job.condition("Complete") != nil {
            self = .complete
        } else if let condition = job.condition("Failed") {
            self = .failed(reason: condition.reason, message: condition.message)
        } else {
            return nil
        }
    }
}
