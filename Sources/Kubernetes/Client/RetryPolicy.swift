/// When a request that failed is sent again, and after what wait.
struct RetryPolicy: Sendable {
    let limits: ClientLimits

    /// Decides about the next try.
    ///
    /// A request that was refused with 429 was not carried out, so each may be sent again. One the server failed at, or
    /// whose connection was lost, may have been: only what can be done twice is sent again.
    ///
    /// - Parameters:
    ///   - error: What became of the last try.
    ///   - verb: What was asked.
    ///   - attempt: Tries so far, from 1.
    ///   - jitter: 0 to 1.
    /// - Returns: The wait before it; `nil` to give up.
    func wait(after error: KubernetesError, verb: Request.Verb, attempt: Int, jitter: Double) -> Duration? {
        guard attempt < limits.attempts else { return nil }
        switch error.code {
        case .tooManyRequests:
            break
        case .serverError where verb.isRepeatable:
            break
        case .connectionLost where verb.isRepeatable && attempt == 1:
            return .zero
        default:
            return nil
        }
        if let retryAfter = error.retryAfter {
            return retryAfter <= limits.longestRetryAfter ? retryAfter : nil
        }
        return .milliseconds(100 << attempt) * (0.5 + jitter / 2)
    }
}

extension Request.Verb {
    /// Whether doing it twice is the same as doing it once.
    fileprivate var isRepeatable: Bool {
        switch self {
        case .get, .list, .watch, .delete: true
        case .create, .patch: false
        }
    }
}
