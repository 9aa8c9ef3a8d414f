import Kubernetes

/// Result of one hook at one event, for records and display. Holds no secret that the controller knows.
package struct HookResult: Codable, Hashable, Sendable {
    package enum Outcome: String, Codable, CaseIterable, Hashable, Sendable {
        case succeeded, failed, timedOut
        /// Not run, by its execution policy.
        case skipped
    }

    package var name: String
    package var phase: HookPhase
    package var kind: HookKind
    package var outcome: Outcome
    /// Attempts at this event so far, including those of earlier runs.
    package var attempts: Int
    /// The start of this run's first attempt.
    package var startedAt: Timestamp
    package var finishedAt: Timestamp
    /// The exit code of the program, or of the Job's container that failed, or else of its first.
    package var exitCode: Int?
    /// The HTTP status of the last response.
    package var httpStatus: Int?
    /// The outcome in one sentence.
    package var message: String
    /// The end of what the program, the container or the server wrote; printable, 4 KiB at most.
    package var output: String?
    /// Bytes of the tree's tar stream that the program received, or that the copy holds.
    package var bytes: Int64?

    package init(
        name: String,
        phase: HookPhase,
        kind: HookKind,
        outcome: Outcome,
        attempts: Int,
        startedAt: Timestamp,
        finishedAt: Timestamp,
        exitCode: Int? = nil,
        httpStatus: Int? = nil,
        message: String,
        output: String? = nil,
        bytes: Int64? = nil
    ) {
        self.name = name
        self.phase = phase
        self.kind = kind
        self.outcome = outcome
        self.attempts = attempts
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.exitCode = exitCode
        self.httpStatus = httpStatus
        self.message = message
        self.output = output
        self.bytes = bytes
    }

    /// Whether it ran and did not succeed.
    package var isFailure: Bool { outcome == .failed || outcome == .timedOut }

    /// Whether it counts towards the backup status of an archive.
    var isOfArchive: Bool { phase == .beforeArchive || phase == .afterArchive }
}

/// The kinds of action a hook can be, named as in the configuration.
package enum HookKind: String, Codable, CaseIterable, Hashable, Sendable {
    /// A Kubernetes Job.
    case job
    /// A request to a server.
    case http
    /// A program in the controller's container.
    case exec
    /// A file made of the tree by the controller itself.
    case copy
}
