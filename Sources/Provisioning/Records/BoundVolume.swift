import Kubernetes

/// What the cluster says of a bound volume now, as far as its record says it too: a volume's record is written when the
/// volume is made, but most of this may change later.
struct BoundVolume: Hashable, Sendable {
    let claim: ClaimReference
    let notes: ClaimNotes
    let capacity: String?
    let accessModes: [AccessMode]?
    let mountOptions: [String]?

    /// Describes a volume and the claim that it is bound to; `nil` if it is not bound, or to another claim.
    init?(_ volume: PersistentVolume, _ claim: PersistentVolumeClaim) {
        guard volume.status?.phase == .bound, let reference = ClaimReference(volume.spec?.claimRef),
            !reference.uid.isEmpty, reference.uid == claim.metadata.uid
        else { return nil }
        self.claim = reference
        notes = ClaimNotes(claim.metadata)
        capacity = volume.spec?.capacity?["storage"]?.rawValue
        accessModes = volume.spec?.accessModes
        mountOptions = volume.spec?.mountOptions
    }
}

extension VolumeRecord {
    /// Updates the record to what a cluster says of the volume now (R14: the record follows the volume).
    ///
    /// - Parameters:
    ///   - volume: The volume, bound in this cluster.
    ///   - cluster: The cluster's identity; nil if unknown.
    /// - Returns: Whether the record changed.
    mutating func follow(_ volume: BoundVolume, in cluster: String?) -> Bool {
        // A release that has begun is about the claim as it was last.
        guard release == nil || claim != volume.claim else { return false }
        let before = self
        _ = follow(volume.claim, notes: volume.notes)
        notes = volume.notes
        capacity = volume.capacity ?? capacity
        accessModes = volume.accessModes ?? accessModes
        mountOptions = volume.mountOptions
        self.cluster = cluster ?? self.cluster
        return self != before
    }
}
