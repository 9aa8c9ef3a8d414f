/// Decides when a failed request is sent again, and after which wait.
struct RetryPolicy: Sendable {
    let limits: ClientLimits

    /// Decides about the next attempt.
    ///
    /// A request refused with 429 was not carried out, so any may be sent again. If the server failed, or the
    /// connection was lost, the request may have been carried out: only an idempotent one is sent again.
    ///
    /// - Parameters:
    ///   - error: The error of the last attempt.
    ///   - verb: The verb of the request.
    ///   - attempt: Attempts so far, from 1.
    ///   - jitter: 0 to 1.
    /// - Returns: The wait before the next attempt; `nil` to give up.
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
    /// Whether the verb is idempotent.
    fileprivate var isRepeatable: Bool {
        switch self {
        case .get, .list, .watch, .delete: true
        case .create, .patch: false
        }
    }
}
