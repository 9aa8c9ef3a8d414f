import Provisioning

/// The actions behind the four kinds of hook.
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
    ///   - hook: The hook to run.
    ///   - facts: The facts that it receives.
    ///   - number: The attempt's number, from 1, counted over all runs at the event.
    ///   - tar: Makes the tree's tar stream.
    /// - Returns: How it ended; a failed attempt does not throw.
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
                HookAttempt(.failed, "run a Job: no cluster is configured")
            }
        case .copy(let copy):
            try await self.copy.attempt(copy, facts, timeout: hook.timeout, tar: tar)
        }
    }
}
