import Testing

@testable import Kubernetes

@Suite("Requests that are retried")
struct RetryPolicyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var verb: Request.Verb
        var code: KubernetesError.Code
        var attempt = 1
        var retryAfter: Duration?
        var wait: Duration?

        var testDescription: String { "\(verb) \(code) #\(attempt) after \(String(describing: retryAfter))" }
    }

    @Test(arguments: [
        // 429 was not carried out: every verb.
        Row(verb: .get, code: .tooManyRequests, wait: .milliseconds(200)),
        Row(verb: .create, code: .tooManyRequests, wait: .milliseconds(200)),
        Row(verb: .create, code: .tooManyRequests, attempt: 3, wait: .milliseconds(800)),
        Row(verb: .patch, code: .tooManyRequests, retryAfter: .seconds(2), wait: .seconds(2)),
        Row(verb: .get, code: .tooManyRequests, retryAfter: .seconds(11), wait: nil),
        Row(verb: .get, code: .tooManyRequests, attempt: 4, wait: nil),
        // 5xx may have been: only what can be done twice.
        Row(verb: .list, code: .serverError, retryAfter: .seconds(1), wait: .seconds(1)),
        Row(verb: .delete, code: .serverError, wait: .milliseconds(200)),
        Row(verb: .create, code: .serverError, retryAfter: .seconds(1), wait: nil),
        Row(verb: .patch, code: .serverError, wait: nil),
        // A lost connection once, at once; a refused one and a slow server are for the caller.
        Row(verb: .get, code: .connectionLost, wait: .zero),
        Row(verb: .get, code: .connectionLost, attempt: 2, wait: nil),
        Row(verb: .create, code: .connectionLost, wait: nil),
        Row(verb: .get, code: .connection, wait: nil),
        Row(verb: .get, code: .timeout, wait: nil),
        Row(verb: .get, code: .conflict, wait: nil),
    ])
    func waitBeforeTheNextTry(row: Row) {
        let error = KubernetesError(code: row.code, reason: "", retryAfter: row.retryAfter)
        let policy = RetryPolicy(limits: ClientLimits())
        #expect(policy.wait(after: error, verb: row.verb, attempt: row.attempt, jitter: 1) == row.wait)
    }
}
