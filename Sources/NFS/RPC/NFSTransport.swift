/// A substitute for libnfs and a server that answers the calls of an ``Export``.
package protocol NFSTransport: Sendable {
    /// Answers one call.
    ///
    /// - Parameters:
    ///   - request: The call.
    ///   - mayWrite: Must be called right before a call that changes something is carried out.
    /// - Returns: The reply.
    /// - Throws: ``RPCFailure/status(_:)`` if the server refuses the call; ``RPCFailure/fenced`` if the call changes
    ///   something and `mayWrite` returns `false`.
    func answer(
        _ request: NFSv3Request,
        mayWrite: @escaping @Sendable () -> Bool
    ) async throws(RPCFailure) -> NFSv3Answer

    /// The current time, by which deadlines of calls are measured.
    var now: ContinuousClock.Instant { get }

    /// A number for the names of temporary files.
    func randomNumber() -> UInt64
}

/// The transport of exports that are created without one.
package enum NFSTransports {
    /// `nil` means libnfs. A simulation sets it for a task and the tasks that it starts.
    @TaskLocal package static var ofTask: (any NFSTransport)?
}
