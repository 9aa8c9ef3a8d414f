import Kubernetes
import NFS

/// A copy of a volume's data, away from its share, that is to be an archive again.
package struct ArchiveCopy: Sendable, Hashable {
    /// What the hook that made it was told.
    package var event: HookEvent
    /// Where it is, for people.
    package var place: String

    package init(of event: HookEvent, at place: String) {
        self.event = event
        self.place = place
    }

    /// The archive that it is of, or will be.
    package var id: String { event.archive?.id ?? event.volume }
}

extension ArchiveRecord {
    /// The record of an archive that a copy becomes, as it begins. The copy may be all that is left: what the share still
    /// knows of the archive counts before what the copy says.
    ///
    /// - Parameters:
    ///   - copy: The copy.
    ///   - earlier: The record of the archive that is no more, if the share has it.
    ///   - directory: What was made of the copy.
    ///   - cluster: The cluster that it is restored for, where the share does not know whose it was.
    init(_ copy: ArchiveCopy, _ earlier: ArchiveRecord?, directory: DirectoryIdentity, cluster: String?) {
        let event = copy.event
        let name = event.path.split(separator: "/").last.map(String.init) ?? copy.id
        let basename = ArchiveName.basename(of: name)
        self.init(
            id: copy.id,
            volume: earlier?.volume ?? (event.volume == copy.id ? nil : event.volume),
            claim: earlier?.claim ?? event.claim.map(ClaimReference.init),
            storageClass: earlier?.storageClass ?? event.storageClass,
            capacity: earlier?.capacity ?? event.capacity,
            accessModes: earlier?.accessModes,
            from: earlier?.from ?? basename,
            to: earlier?.to ?? ArchiveName.name(for: basename),
            directory: directory,
            reason: "restored from the copy \(copy.place)",
            state: .intent,
            requestedAt: .now,
            releasedAt: earlier?.dataReleasedAt ?? event.requestedAt,
            volumeCreatedAt: earlier?.volumeCreatedAt,
            hold: earlier?.hold.map { Hold(reason: $0.reason, at: $0.at) },
            notes: earlier?.notes ?? ClaimNotes(labels: event.labels, annotations: event.annotations),
            backup: earlier?.backup
                ?? event.annotations[AnnotationKey.backup].map { BackupRequirement(rawValue: $0) ?? .required },
            // Of these its data has a backup; those before a purge run anew.
            hooks: earlier?.hooks?.filter { [.beforeArchive, .afterArchive].contains($0.phase) },
            cluster: earlier?.cluster ?? cluster,
            unpackedFrom: copy.place
        )
    }
}
