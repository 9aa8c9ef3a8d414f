import Backup
import Kubernetes
import Provisioning

/// All volumes and archives with their verdicts, before any filter.
struct BackupItems {
    /// The items on the exports that were read, each with its measurements.
    private(set) var all: [(item: BackupItem, history: UsageHistory?)] = []
    private let sources: ReportSources
    private let classes: [String: StorageClass]
    /// Reports read no claims: an archive that a claim asks for is shown as if none did.
    private let protection: ArchiveProtection

    init(of sources: ReportSources) {
        self.sources = sources
        // A class of the same name that belongs to another provisioner says nothing about our volumes.
        let classes = sources.cluster.classes.filter { sources.settings.knows($0.provisioner) }
        self.classes = Dictionary(classes.map { ($0.key.name, $0) }) { first, _ in first }
        protection = ArchiveProtection(
            claims: [],
            volumes: sources.cluster.volumes,
            classes: sources.cluster.classes,
            settings: sources.settings
        )
        let volumes = sources.volumesByExport()
        for share in sources.shares {
            addVolumes(volumes[share.export] ?? [], share)
            addArchives(of: share)
        }
        guard sources.coversAllExports else { return }
        for volume in volumes[nil] ?? [] { addLost(volume) }
    }

    private mutating func add(_ item: BackupItem, _ history: UsageHistory?) {
        var item = item
        item.take(history)
        all.append((item, history))
    }

    // MARK: Volumes

    private mutating func addVolumes(_ volumes: [PersistentVolume], _ share: ShareReading) {
        var facts: [String: VolumeFacts] = [:]
        for entry in share.volumes {
            switch entry {
            case .record(let record):
                facts[record.volume] = VolumeFacts(name: record.volume, record: record)
            case .misnamed(_, let name, let reason), .unreadable(let name, let reason):
                facts[name] = VolumeFacts(name: name, flaw: reason)
            }
        }
        for volume in volumes {
            let name = volume.key.name
            facts[name, default: VolumeFacts(name: name)].volume = volume
        }
        let archived = Set(
            share.catalogue.compactMap { entry in if case .archive(let record, _) = entry { record.id } else { nil } }
        )
        for (name, found) in facts where !isArchive(found, archived) {
            var found = found
            found.isShareSeen = share.hasRecords
            found.requirementOfClass = found.storageClass.flatMap { classes[$0] }?.backupRequirement
            add(BackupItem(found, on: share.export, in: sources), share.usage[name])
        }
    }

    /// Whether the archive's own item is enough, because the volume is gone or about to go.
    private func isArchive(_ facts: VolumeFacts, _ archived: Set<String>) -> Bool {
        archived.contains(facts.name) && facts.volume?.status?.phase != .bound
    }

    /// Adds a volume of ours that is on no known export.
    private mutating func addLost(_ volume: PersistentVolume) {
        let source = volume.spec?.nfs
        guard let export = source.flatMap({ ExportPath(server: $0.server, path: $0.path) }) else { return }
        let facts = VolumeFacts(name: volume.key.name, volume: volume)
        var item = BackupItem(facts, on: export, in: sources)
        (item.verdict, item.path) = (.unknown, nil)
        item.reason = "its export is not configured; add it to the settings"
        add(item, nil)
    }

    // MARK: Archives

    private mutating func addArchives(of share: ShareReading) {
        let review = sources.retention.map { policy in
            RetentionReview(
                of: share.catalogue,
                policy: policy,
                now: sources.now,
                protection: protection,
                on: share.export
            ) { sources.cluster.isOurs($0.cluster) }
        }
        for entry in share.catalogue {
            switch entry {
            case .archive(let record, _):
                add(BackupItem(record, review, on: share.export, in: sources), share.usage[record.id])
            case .unreadable(let name, let reason):
                add(BackupItem("unreadable", archive: name, on: share.export, because: reason), share.usage[name])
            case .foreign(let name):
                let reason = "no record refers to it: it belongs to another provisioner, or its record is lost"
                add(BackupItem("foreign", archive: name, on: share.export, because: reason), nil)
            }
        }
    }
}
