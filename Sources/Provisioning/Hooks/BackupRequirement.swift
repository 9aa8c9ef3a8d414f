import Kubernetes

/// Backup requirement that a claim's owner or its class states (annotation `nfs.smart-bear.eu/backup`, class parameter
/// `backup`). The cases are ordered from the strictest to the least strict.
package enum BackupRequirement: String, Codable, CaseIterable, Sendable {
    /// The data is never deleted or purged before a hook has backed it up.
    case required
    /// Hooks run, and their results are recorded.
    case optional
    /// No hook runs.
    case none
}

extension BackupRequirement {
    /// The requirement that counts at release: the strictest of what the volume, its claim's last notes, its record and
    /// its class say. `optional` if all of them are silent.
    package init(
        of volume: PersistentVolume?,
        lastNotes: ClaimNotes? = nil,
        recorded: BackupRequirement?,
        ofClass: BackupRequirement?
    ) {
        let annotated = [volume?.metadata.annotations, lastNotes?.annotations].map(Self.stated)
        self = Self.strictest(annotated + [recorded, ofClass]) ?? .optional
    }

    /// The strictest requirement among several sources.
    ///
    /// - Returns: nil if all of them are silent, which is not the same as `optional`: a source that is asked later may
    ///   say `none`, or `required`.
    static func strictest(_ requirements: [BackupRequirement?]) -> BackupRequirement? {
        allCases.first { requirements.contains($0) }
    }

    /// The requirement that annotations state; nil if they state none. An unreadable one counts as the strictest:
    /// whoever wrote it wanted something.
    static func stated(in annotations: [String: String]?) -> BackupRequirement? {
        annotations?[AnnotationKey.backup].map { BackupRequirement(rawValue: $0) ?? .required }
    }
}

extension StorageClass {
    /// The requirement that the class states; nil if it states none. One that cannot be read is the strictest.
    package var backupRequirement: BackupRequirement? {
        do throws(ParameterError) {
            return try ClassParameters.backup(of: parameters ?? [:])
        } catch {
            return .required
        }
    }
}

/// Backup status of an archive's data, as far as hooks report it.
package enum BackupStatus: Hashable, Sendable {
    /// Every hook that ran at the archive has succeeded, and at least one did.
    case done
    /// A hook failed; the value is the last failure.
    case failed(HookResult)
    /// No hook has run.
    case missing
}

extension BackupStatus {
    init(of results: [HookResult]) {
        let ofArchive = results.filter(\.isOfArchive)
        if let failure = ofArchive.last(where: \.isFailure) {
            self = .failed(failure)
        } else {
            self = ofArchive.contains { $0.outcome == .succeeded } ? .done : .missing
        }
    }
}
