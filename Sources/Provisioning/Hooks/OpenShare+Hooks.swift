import NFS

extension ShareConnection {
    /// Runs the hooks that a new volume still has to have run.
    package func runHooks(_ phase: HookPhase, ofVolume name: String, at path: VolumePath) async throws {
        try await open { share in try await share.runHooks(phase, ofVolume: name, at: path) }
    }
}

extension OpenShare {
    /// Runs the hooks that a record's event is for, and keeps each result in the record before the next begins.
    ///
    /// - Parameters:
    ///   - phase: The moment.
    ///   - record: As it is on the share; afterwards as it is then.
    ///   - path: Where the directory is now, below the export's root.
    ///   - tree: The directory.
    ///   - heldBack: What does not happen if a hook fails, for people.
    /// - Returns: Whether there was any hook.
    /// - Throws: ``HookFailure``; ``HooksBusy`` when it is to be tried again soon.
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
        // A hook may read the whole tree and compress it: that is nothing for the thread that makes calls.
        let outcome = try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await hooks.run(
                event,
                earlier: record.hooks ?? [],
                tar: { TreeTar(of: tree, on: export, onProgress: $0).map { piece throws in piece } },
                save: { result in
                    // A hook may take an hour: others may have written meanwhile, such as a hold.
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

    /// The event at a moment when the record's directory is at `path`.
    ///
    /// - Returns: nil if no hook is to run at it.
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
            orElse: "the volume is there all the same"
        )
    }
}

/// A hook failed whose failure holds back what it was configured for.
package struct HookFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let result: HookResult
    /// What does not happen because of it.
    let heldBack: String

    package var description: String {
        "hook \(result.name) (\(result.phase.rawValue)) failed at attempt \(result.attempts): \(result.message);"
            + " \(heldBack)"
    }
}

/// As many hooks are running as may at a time: to be tried again soon.
struct HooksBusy: Error, CustomStringConvertible {
    var description: String { "other volumes' hooks are running" }
}
