import Provisioning

/// What the four kinds of hook are run with.
package struct HookActions: Sendable {
    private let exec: ExecAction
    private let http: HTTPAction
    private let job: JobAction?
    private let copy: CopyAction

    package init(exec: ExecAction, http: HTTPAction, job: JobAction?, copy: CopyAction) {
        self.exec = exec
        self.http = http
        self.job = job
        self.copy = copy
    }

    /// Makes one attempt.
    ///
    /// - Parameters:
    ///   - hook: What to do.
    ///   - facts: What it is told.
    ///   - number: The attempt's, from 1, counted over all runs at the event.
    ///   - tar: Makes the tree's tar stream.
    /// - Returns: How it ended; a failure is no error.
    /// - Throws: `CancellationError`.
    func attempt(
        _ hook: Hook,
        _ facts: HookFacts,
        number: Int,
        tar: TarSource?
    ) async throws(CancellationError) -> HookAttempt {
        switch hook.action {
        case .exec(let exec):
            try await self.exec.attempt(exec, facts, timeout: hook.timeout, tar: tar)
        case .http(let http):
            try await self.http.attempt(http, facts, timeout: hook.timeout)
        case .job(let job):
            if let action = self.job {
                try await action.attempt(job, facts, number: number, timeout: hook.timeout)
            } else {
                HookAttempt(.failed, "no cluster is configured to run a Job in")
            }
        case .copy(let copy):
            try await self.copy.attempt(copy, facts, timeout: hook.timeout, tar: tar)
        }
    }
}
