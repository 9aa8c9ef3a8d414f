/// Answers the calls of an ``Export`` in the place of libnfs and a server.
package protocol NFSTransport: Sendable {
    /// Answers one call.
    ///
    /// - Parameters:
    ///   - request: The call.
    ///   - mayWrite: To be asked right before a call that changes something is carried out.
    /// - Returns: The reply.
    /// - Throws: ``RPCFailure/status(_:)`` for what the server refuses; ``RPCFailure/fenced`` if the call changes
    ///   something and `mayWrite` says no.
    func answer(
        _ request: NFSv3Request,
        mayWrite: @escaping @Sendable () -> Bool
    ) async throws(RPCFailure) -> NFSv3Answer

    /// The time that deadlines of calls are measured by.
    var now: ContinuousClock.Instant { get }

    /// A number for the names of temporary files.
    func randomNumber() -> UInt64
}

/// The transport of exports whose maker names none.
package enum NFSTransports {
    /// `nil` means libnfs. Whoever runs the program on a simulated server sets it for a task and what the task starts.
    @TaskLocal package static var ofTask: (any NFSTransport)?
}
