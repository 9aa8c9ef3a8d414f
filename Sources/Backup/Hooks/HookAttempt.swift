import Provisioning

/// How one attempt at a hook ended.
package struct HookAttempt: Hashable, Sendable {
    package var outcome: HookResult.Outcome
    package var exitCode: Int?
    package var httpStatus: Int?
    /// One sentence.
    package var message: String
    package var output: String?
    package var bytes: Int64?

    init(_ outcome: HookResult.Outcome, _ message: String, httpStatus: Int? = nil, output: String? = nil) {
        self.outcome = outcome
        self.message = message
        self.httpStatus = httpStatus
        self.output = output
    }
}
