import NFS

/// Runs the admin's hooks at each lifecycle phase.
package protocol VolumeHooks: Sendable {
    /// Whether any hook is configured for the event.
    func hasHooks(for event: HookEvent) -> Bool

    /// Runs the hooks for an event one after the other, except those that succeeded before.
    ///
    /// - Parameters:
    ///   - event: The event, with the same values on every retry.
    ///   - earlier: The results saved before, of any phase.
    ///   - tar: Makes the tree's tar stream, for programs that ask for it.
    ///   - save: Saves a result. The next hook does not start before it returns.
    /// - Returns: Whether the operation that the hooks precede or follow may continue.
    /// - Throws: `CancellationError`, and what `save` throws.
    func run(
        _ event: HookEvent,
        earlier: [HookResult],
        tar: TarSource?,
        save: (HookResult) async throws -> Void
    ) async throws -> HookPhaseOutcome
}

/// The hooks of an installation that configures none.
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

/// Outcome of the hooks of one phase.
package enum HookPhaseOutcome: Hashable, Sendable {
    /// The operation that the hooks precede or follow may continue.
    case passed
    /// A hook failed, and its failure fails the phase.
    case failed(HookResult)
}

/// Makes a tar stream of the tree that an event is about, in pieces of some 64 KiB; called for each attempt.
/// `onProgress` receives the amount streamed so far and, at the end, the total.
///
/// The stream must heed cancellation. If it throws, the program that reads it is stopped: it would take a truncated
/// stream for a complete one.
package typealias TarSource =
    @Sendable (
        _ onProgress: @escaping @Sendable (TarredTree) -> Void
    ) async throws -> any AsyncSequence<[UInt8], any Error> & Sendable
