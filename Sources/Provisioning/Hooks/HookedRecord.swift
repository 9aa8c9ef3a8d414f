import Kubernetes

/// A record that stores the results of hooks.
protocol HookedRecord: ShareRecord {
    var hooks: [HookResult]? { get set }
    var backup: BackupRequirement? { get }

    /// The event that a hook receives while the directory is at `path` below the export's root.
    func event(_ phase: HookPhase, at path: String, on export: ExportPath) -> HookEvent
}

extension HookedRecord {
    /// Stores a result, replacing that of an earlier run.
    mutating func note(_ result: HookResult) {
        hooks = (hooks ?? []).filter { $0.name != result.name || $0.phase != result.phase } + [result]
    }
}

extension ArchiveRecord: HookedRecord {
    func event(_ phase: HookPhase, at path: String, on export: ExportPath) -> HookEvent {
        var event = HookEvent(phase, volume: volumeName, at: path, on: export, claim, notes, requestedAt)
        event.storageClass = storageClass
        event.capacity = capacity
        event.archive = HookEvent.Archive(id: id, directory: to)
        event.reason = reason
        return event
    }

    /// Whether its data is backed up.
    package var backupStatus: BackupStatus { BackupStatus(of: hooks ?? []) }

    /// Whether it must be kept because it lacks a required backup.
    package var lacksBackup: Bool { backup == .required && backupStatus != .done }
}

extension VolumeRecord: HookedRecord {
    func event(_ phase: HookPhase, at path: String, on export: ExportPath) -> HookEvent {
        var event = HookEvent(phase, volume: volume, at: path, on: export, claim, notes, release?.at ?? createdAt)
        event.storageClass = storageClass
        event.capacity = capacity
        event.reason = release?.reason
        return event
    }
}

extension HookEvent {
    fileprivate init(
        _ phase: HookPhase,
        volume: String,
        at path: String,
        on export: ExportPath,
        _ claim: ClaimReference?,
        _ notes: ClaimNotes?,
        _ requestedAt: Timestamp
    ) {
        self.init(
            phase: phase,
            volume: volume,
            export: HookEvent.Export(server: export.server, path: export.path),
            path: export.path == "/" ? "/\(path)" : "\(export.path)/\(path)",
            requestedAt: requestedAt
        )
        self.claim = claim.map { HookEvent.Claim(namespace: $0.namespace, name: $0.name, uid: $0.uid) }
        labels = notes?.labels ?? [:]
        annotations = notes?.annotations ?? [:]
    }
}
