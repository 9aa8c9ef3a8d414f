import Logging

/// The time limit for retries while a server reports a handle as stale: as long as a call may take, counted from the
/// first such reply.
struct StalePatience {
    private let export: Export
    private var end: ContinuousClock.Instant?
    private var pause = Duration.milliseconds(50)

    init(_ export: Export) {
        self.export = export
    }

    /// Waits until it is time to ask again, longer each time.
    ///
    /// - Throws: `error` when there is no time left.
    mutating func wait(after error: NFSError) async throws(NFSError) {
        let now = export.now
        if end == nil { end = now + export.options.deadline }
        guard let end, now + pause < end else { throw error }
        export.logger.debug("retrying after a stale handle", metadata: ["error": "\(error)"])
        do { try await Task.sleep(for: pause) } catch {
            throw export.error(.cancelled, "read", "")
        }
        pause = min(pause * 2, .seconds(1))
    }
}
