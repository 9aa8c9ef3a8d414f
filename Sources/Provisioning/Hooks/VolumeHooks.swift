import NFS

/// What the admin has run at the moments of a volume's life.
package protocol VolumeHooks: Sendable {
    /// Whether any hook is for the event.
    func hasHooks(for event: HookEvent) -> Bool

    /// Runs the hooks for an event, one after the other; those that succeeded before are not run again.
    ///
    /// - Parameters:
    ///   - event: What happens; the same values each time it is taken up again.
    ///   - earlier: The results saved for it, of any phase.
    ///   - tar: Makes the tree's tar stream, for programs that ask for it.
    ///   - save: Keeps a result. The next hook does not begin before it returns.
    /// - Returns: Whether what the hooks were before or after may go on.
    /// - Throws: `CancellationError`, and what `save` throws.
    func run(
        _ event: HookEvent,
        earlier: [HookResult],
        tar: TarSource?,
        save: (HookResult) async throws -> Void
    ) async throws -> HookPhaseOutcome
}

/// No hooks are configured.
package struct NoHooks: VolumeHooks {
    package init() {}

    package func hasHooks(for event: HookEvent) -> Bool { false }

    package func run(
        _ event: HookEvent,
        earlier: [HookResult],
        tar: TarSource?,
        save: (HookResult) async throws -> Void
    ) async throws -> HookPhaseOutcome { .passed }
}

/// How the hooks of one phase ended.
package enum HookPhaseOutcome: Hashable, Sendable {
    /// What the hooks were before or after may go on.
    case passed
    /// A hook failed whose failure is the phase's.
    case failed(HookResult)
}

/// Makes a tar stream of the tree an event is about, in pieces of some 64 KiB; called for each attempt. Its argument hears
/// how much was streamed so far, and in the end all of it.
///
/// The stream must heed cancellation. If it throws, the program that reads it is stopped: it would take a cut stream for
/// a whole one.
package typealias TarSource =
    @Sendable (
        _ onProgress: @escaping @Sendable (TarredTree) -> Void
    ) async throws -> any AsyncSequence<[UInt8], any Error> & Sendable
