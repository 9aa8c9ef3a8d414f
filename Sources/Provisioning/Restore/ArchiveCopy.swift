import Kubernetes
import NFS

/// Copy of a volume's data, away from its share, that is to become an archive again.
package struct ArchiveCopy: Sendable, Hashable {
    /// The event of the hook that made it.
    package var event: HookEvent
    /// Its location, for display.
    package var place: String

    package init(of event: HookEvent, at place: String) {
        self.event = event
        self.place = place
    }

    /// The id of the archive that was copied, or that the copy becomes.
    package var id: String { event.archive?.id ?? event.volume }

    /// Whether a file is named like a tar copy.
    static func isCopy(_ file: NFSName) -> Bool {
        [".tar", ".tar.zst"].contains { file.description.hasSuffix($0) }
    }

    /// Whether a file is named like the manifest of a tar copy.
    static func isManifest(_ file: NFSName) -> Bool {
        [".tar.json", ".tar.zst.json"].contains { file.description.hasSuffix($0) }
    }
}

extension ArchiveRecord {
    /// The initial record of an archive that is made from a copy. What the share still knows of the archive comes
    /// before what the copy says, which may be all that is left.
    ///
    /// - Parameters:
    ///   - copy: The copy.
    ///   - earlier: The record of the former archive, if the share has it.
    ///   - directory: The directory made from the copy.
    ///   - cluster: The cluster that it is restored for, used if the share does not know the archive's.
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
            // These prove that the data has a backup; the hooks before a purge run again.
            hooks: earlier?.hooks?.filter { [.beforeArchive, .afterArchive].contains($0.phase) },
            cluster: earlier?.cluster ?? cluster,
            unpackedFrom: copy.place
        )
    }
}
