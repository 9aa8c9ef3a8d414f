import Kubernetes
import Provisioning

/// One volume as its record on the share describes it, or the cluster, or both.
struct VolumeFacts {
    /// The volume's name, from its record or from the cluster.
    var name: String
    var record: VolumeRecord?
    /// Why its record cannot be read.
    var flaw: String?
    var volume: PersistentVolume?
    /// Whether the share's records were read.
    var isShareSeen = true
    /// The backup requirement of its class.
    var requirementOfClass: BackupRequirement?

    var requirement: BackupRequirement {
        BackupRequirement(of: volume, recorded: record?.backup, ofClass: requirementOfClass)
    }

    var namespace: String? { record?.claim?.namespace ?? volume?.spec?.claimRef?.namespace }
    var claim: String? { record?.claim?.name ?? volume?.spec?.claimRef?.name }
    var storageClass: String? { record?.storageClass ?? volume?.className }
    var path: String? { record?.path ?? volume?.spec?.nfs?.path }

    var requestedBytes: Int64? {
        (volume?.spec?.capacity?["storage"] ?? record?.capacity.map(Quantity.init(rawValue:)))?.bytes
    }

    /// Since when it waits to be reclaimed; nil if unknown.
    var releasedAt: Timestamp? {
        record?.release?.at ?? volume?.status?.lastPhaseTransitionTime ?? volume?.metadata.deletionTimestamp
    }

    /// All times that must lie in the past.
    var times: [Timestamp] {
        [record?.createdAt, releasedAt].compactMap { $0 } + (record?.hooks ?? []).map(\.finishedAt)
    }

    /// Its phase in the cluster, or a state from its record if the cluster has no such volume.
    func state(in cluster: ClusterReading) -> String {
        if let volume { return volume.status?.phase?.rawValue ?? "Pending" }
        guard let record else { return "unreadable" }
        if !cluster.isOurs(record.cluster) { return "elsewhere" }
        switch record.release?.action {
        case .retain: return "retained"
        case .delete: return "deleting"
        case .archive, nil: return cluster.silence == nil ? "absent" : "recorded"
        }
    }

    /// Whether a hook would run when it is archived.
    func hasBackupHook(in sources: ReportSources, on export: ExportPath) -> Bool {
        [HookPhase.beforeArchive, .afterArchive].contains { phase in
            var event = HookEvent(
                phase: phase,
                volume: name,
                export: HookEvent.Export(server: export.server, path: export.path),
                path: path ?? "",
                requestedAt: sources.now
            )
            if let namespace, let claim {
                let uid = record?.claim?.uid ?? volume?.spec?.claimRef?.uid ?? ""
                event.claim = HookEvent.Claim(namespace: namespace, name: claim, uid: uid)
            }
            event.storageClass = storageClass
            event.labels = record?.notes?.labels ?? [:]
            return sources.hasHooks(event)
        }
    }
}
