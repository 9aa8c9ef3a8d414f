import Synchronization

extension Snapshot {
    /// What there is after one operation of one process, which nothing disturbs.
    ///
    /// - Parameters:
    ///   - makeProcess: Starts the process.
    ///   - body: The operation.
    /// - Returns: The share and the cluster then.
    /// - Throws: ``Failure`` with what `body` threw.
    package func after<Process: Sendable>(
        in makeProcess: @escaping @Sendable (ProcessContext) -> Process,
        _ body: @escaping @Sendable (Process) async throws -> Void
    ) throws -> Snapshot {
        let failure = Mutex<String?>("it has not ended")
        let end = Mutex(self)
        let operation = Scenario<Process>.Operation("prepare", process: 0) { process in
            do {
                try await body(process)
                failure.withLock { $0 = nil }
            } catch {
                failure.withLock { $0 = "\(error)" }
            }
            return "done"
        }
        let scenario = Scenario(
            name: "preparation",
            start: self,
            operations: [operation],
            makeProcess: makeProcess,
            recover: { _, _ in },
            check: { ending in
                end.withLock { $0 = Snapshot(share: ending.share, cluster: ending.cluster) }
                return []
            }
        )
        _ = Run(scenario, Schedule()).toEnd()
        if let failure = failure.withLock({ $0 }) { throw Failure(what: failure) }
        return end.withLock { $0 }
    }

    package struct Failure: Error {
        package let what: String
    }
}
