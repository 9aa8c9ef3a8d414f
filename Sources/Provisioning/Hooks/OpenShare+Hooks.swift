import NFS

extension ShareConnection {
    /// Runs the pending hooks of a new volume.
    package func runHooks(_ phase: HookPhase, ofVolume name: String, at path: VolumePath) async throws {
        try await open { share in try await share.runHooks(phase, ofVolume: name, at: path) }
    }
}

extension OpenShare {
    /// Runs the hooks for a record's event, and saves each result in the record before the next hook starts.
    ///
    /// - Parameters:
    ///   - phase: The lifecycle phase.
    ///   - record: The record as it is on the share; on return, with the results.
    ///   - path: The directory's current path below the export's root.
    ///   - tree: The directory.
    ///   - heldBack: The consequence of a failed hook, for the error message.
    /// - Returns: Whether there was any hook.
    /// - Throws: ``HookFailure``; ``HooksBusy`` if too many hooks are running, so that the caller retries soon.
    @discardableResult
    func runHooks<Record: HookedRecord>(
        _ phase: HookPhase,
        _ record: inout Record,
        at path: String,
        _ tree: FileHandle,
        orElse heldBack: String
    ) async throws -> Bool {
        guard let event = hookEvent(phase, record, at: path) else { return false }
        guard hookSlots.enter(record.recordName) else { throw HooksBusy() }
        defer { hookSlots.leave(record.recordName) }
        let export = export
        var current = record
        // A hook may read and compress the whole tree, which must not block the thread that makes NFS calls.
        let outcome = try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await hooks.run(
                event,
                earlier: record.hooks ?? [],
                tar: { TreeTar(of: tree, on: export, onProgress: $0).map { piece throws in piece } },
                save: { result in
                    // A hook may take an hour; meanwhile others may have changed the record, e.g. with a hold.
                    current = try await records.read(Record.self, record.recordName) ?? current
                    current.note(result)
                    try await records.write(current)
                }
            )
        }
        record = current
        guard case .failed(let result) = outcome else { return true }
        throw HookFailure(result: result, heldBack: heldBack)
    }

    /// The event for a record whose directory is at `path`.
    ///
    /// - Returns: nil if no hook runs at it.
    func hookEvent(_ phase: HookPhase, _ record: some HookedRecord, at path: String) -> HookEvent? {
        let event = record.event(phase, at: path, on: address.export)
        return record.backup != BackupRequirement.none && hooks.hasHooks(for: event) ? event : nil
    }

    func runHooks(_ phase: HookPhase, ofVolume name: String, at path: VolumePath) async throws {
        guard var record = try await records.read(VolumeRecord.self, name),
            let (_, node) = try await locate(path)
        else { return }
        try await runHooks(
            phase,
            &record,
            at: path.description,
            node.handle,
            orElse: "the volume exists anyway"
        )
    }
}

/// Failure of a hook that blocks the operation that the hook is configured for.
package struct HookFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let result: HookResult
    /// The consequence of the failure.
    let heldBack: String

    package var description: String {
        "hook \(result.name) (\(result.phase.rawValue)) failed at attempt \(result.attempts): \(result.message);"
            + " \(heldBack)"
    }
}

/// The limit of running hooks is reached; the caller retries soon.
struct HooksBusy: Error, CustomStringConvertible {
    var description: String { "other volumes' hooks are running" }
}
