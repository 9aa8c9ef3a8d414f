import Kubernetes

/// What became of one hook at one event, to be kept and shown. Holds no secret the controller knows of.
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
    /// At this event so far, those of earlier runs included.
    package var attempts: Int
    /// Of this run's first attempt.
    package var startedAt: Timestamp
    package var finishedAt: Timestamp
    /// Of the program, or of the Job's container that failed or else its first.
    package var exitCode: Int?
    /// The last answer's.
    package var httpStatus: Int?
    /// How it ended, one sentence.
    package var message: String
    /// The end of what the program, the container or the server wrote; printable, 4 KiB at most.
    package var output: String?
    /// How much of the tree's tar stream the program was given, or the copy holds, in bytes.
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

    /// Whether it says something about the backup of an archive.
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
