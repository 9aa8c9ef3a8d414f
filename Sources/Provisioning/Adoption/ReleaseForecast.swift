import Kubernetes
import NFS

/// Forecast of what happens to one volume's directory if its claim is deleted now (T3: the forecast touches nothing).
package struct ReleaseForecast: Codable, Sendable, Hashable {
    package enum Action: String, Codable, Sendable {
        /// Renamed to ``ReleaseForecast/to``.
        case archive
        case delete
        /// The directory stays; the volume is deleted.
        case retain
        /// Neither is touched.
        case keep
        /// Neither is touched; events on the volume give the reason until an admin fixes it.
        case refuse
    }

    package var volume: String
    package var namespace: String?
    package var claim: String?
    package var phase: String
    package var storageClass: String?
    package var server: String?
    /// The path as kubelet mounts it.
    package var path: String?
    package var onRelease: Action
    /// The archive's name in the export's root. If the name is taken, the release appends a time and the volume's uid.
    package var to: String?
    /// One sentence that names the rule, class or obstacle behind the action.
    package var reason: String
}

extension ReleaseForecast {
    /// A volume and the verdict that it would get if it were Released.
    package struct Subject: Sendable {
        package let volume: PersistentVolume
        fileprivate let verdict: VolumeVerdict

        /// - Returns: nil for a volume that is not ours (R1: only our released volumes).
        package init?(_ volume: PersistentVolume, classes: [StorageClass], settings: ProvisionerSettings) {
            guard volume.isProvisioned(under: settings) else { return nil }
            self.volume = volume
            var released = volume
            released.metadata.deletionTimestamp = nil
            released.status = PersistentVolume.Status(phase: .released)
            if released.spec?.claimRef?.uid == nil { released.spec?.claimRef = ObjectReference(uid: "not bound yet") }
            verdict = VolumeVerdict(on: released, classes: classes, settings: settings)
        }

        /// The reclaim plan, which locates the volume's directory; nil if the policy or a refusal leaves it alone.
        package var plan: ReclaimPlan? {
            if case .reclaim(let plan) = verdict { plan } else { nil }
        }
    }

    /// - Parameters:
    ///   - subject: The volume.
    ///   - record: The volume's record on its share; nil for a volume of another provisioner.
    ///   - look: The observation of its directory; nil where ``Subject/plan`` is nil.
    ///   - otherVolumes: Other volumes on its directory or below (R8: a directory that others use stays).
    ///   - settings: The provisioner's settings.
    package init(
        _ subject: Subject,
        record: VolumeRecord?,
        look: DirectoryObservation?,
        otherVolumes: [String],
        settings: ProvisionerSettings
    ) {
        let spec = subject.volume.spec
        volume = subject.volume.key.name
        namespace = spec?.claimRef?.namespace
        claim = spec?.claimRef?.name
        phase = subject.volume.status?.phase?.rawValue ?? ""
        storageClass = subject.volume.className
        server = spec?.nfs?.server
        path = spec?.nfs?.path
        (onRelease, to, reason) = Self.forecast(subject, record, look, otherVolumes, settings)
    }

    private static func forecast(
        _ subject: Subject,
        _ record: VolumeRecord?,
        _ look: DirectoryObservation?,
        _ otherVolumes: [String],
        _ settings: ProvisionerSettings
    ) -> (Action, String?, String) {
        guard let plan = subject.plan else {
            if case .refuse(let reason) = subject.verdict { return (.refuse, nil, reason) }
            let policy = subject.volume.spec?.persistentVolumeReclaimPolicy?.rawValue ?? "none"
            return (.keep, nil, "the volume's reclaim policy is \(policy)")
        }
        guard case .there(let fileID, let isTaken) = look else {
            if case .failed(let reason) = look { return (.refuse, nil, reason) }
            return (.refuse, nil, "\(plan.path) is not on \(plan.share)")
        }
        if let expected = plan.fileID ?? record?.directory?.fileID, expected != fileID {
            return (.refuse, nil, "\(plan.path) is not the directory that was made for the volume")
        }
        let decision = ReleaseDecision(
            plan,
            record,
            otherVolumes: otherVolumes,
            deletesAdopted: settings.deletesAdoptedDirectories
        )
        let reason = decision.exception ?? source(plan, record)
        switch decision.action {
        case .retain: return (.retain, nil, reason)
        case .delete: return (.delete, nil, reason)
        case .archive:
            let archive = ArchiveName.name(for: plan.path.names.last ?? "")
            return (.archive, archive, reason + (isTaken ? "; \(archive) is taken, so a suffix is added" : ""))
        }
    }

    /// Names what decides: the class, the record or the default (P5: the live class decides, then the record).
    private static func source(_ plan: ReclaimPlan, _ record: VolumeRecord?) -> String {
        if plan.action != nil { return "class \(plan.volume.className ?? "")" }
        if record != nil { return "recorded when the volume was made" }
        return "the class is gone; nothing is deleted without one"
    }
}

/// Observation of a volume's directory for a forecast, made without touching anything.
package enum DirectoryObservation: Sendable, Hashable {
    /// - Parameters:
    ///   - fileID: Its identity.
    ///   - archiveNameIsTaken: Whether something else has the name that its archive would have.
    case there(fileID: UInt64, archiveNameIsTaken: Bool)
    case missing
    /// The share did not answer, or something else is in the way; `reason` is one sentence.
    case failed(reason: String)
}

extension ShareConnection {
    /// Checks whether a volume's directory exists, also on a share that no controller of ours has used. Writes nothing.
    package func look(at path: VolumePath) async -> DirectoryObservation {
        do {
            return try await find(path)
        } catch {
            return .failed(reason: "\(error)")
        }
    }

    /// Reads a volume's record; nil if the share has none that can be read.
    package func recordIfReadable(ofVolume name: String) async -> VolumeRecord? {
        try? await open { share in try await share.records.read(VolumeRecord.self, name) }
    }

    private func find(_ path: VolumePath) async throws -> DirectoryObservation {
        let root = try await export.remount()
        guard let (_, node) = try await export.locate(path, below: root) else { return .missing }
        let archiveName = try NFSName(ArchiveName.name(for: path.names.last ?? ""))
        let taken = try await export.lookupIfPresent(archiveName, in: root.handle) != nil
        return .there(fileID: node.attributes.fileid, archiveNameIsTaken: taken)
    }
}
