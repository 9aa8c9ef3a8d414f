import Kubernetes

/// Whether a claim asks for a larger volume (E1: volume, record, then claim grow): a function of the claim, its volume
/// and the cluster's classes.
///
/// That it does not ask for a smaller one is the API server's business, which refuses such a change.
package enum ExpansionVerdict: Sendable, Hashable {
    /// It does not, or the volume is not ours.
    case ignore
    /// It does, and cannot have it until something changes; the reason becomes a `VolumeResizeFailed` event.
    case refuse(reason: String)
    case expand(ExpansionPlan)

    /// - Parameters:
    ///   - claim: The claim.
    ///   - volume: The one that it is bound to, or nil if that is not known.
    ///   - classes: All classes of the cluster.
    ///   - settings: What the admin decided.
    package init(
        on claim: PersistentVolumeClaim,
        volume: PersistentVolume?,
        classes: @autoclosure () -> [StorageClass],
        settings: ProvisionerSettings
    ) {
        guard claim.status?.phase == .bound, claim.metadata.deletionTimestamp == nil,
            let requested = claim.spec?.resources?.requests?["storage"],
            let current = claim.status?.capacity?["storage"], requested.exceeds(current),
            let volume, volume.spec?.claimRef?.uid == claim.metadata.uid, volume.isProvisioned(under: settings),
            let source = volume.spec?.nfs
        else {
            self = .ignore
            return
        }
        let classes = classes()
        guard let storageClass = classes.named(claim.className, of: settings) else {
            self = .refuse(
                reason: "its class \"\(claim.className ?? "")\" is gone or belongs to another provisioner:"
                    + " create it again to have it expanded"
            )
            return
        }
        guard storageClass.allowVolumeExpansion == true else {
            self = .refuse(reason: "its class \(storageClass.key) does not allow expansion: set allowVolumeExpansion")
            return
        }
        let shares = ConfiguredShares(classes: classes, settings: settings)
        let annotated = volume.metadata.annotations?[AnnotationKey.share]
        guard let (share, _) = shares.share(of: source, annotated: annotated) else {
            self = .refuse(reason: "\(source.server):\(source.path) is on no configured export")
            return
        }
        self = .expand(
            ExpansionPlan(claim: claim, volume: volume, share: share, current: current, requested: requested)
        )
    }
}

/// A volume that is to be larger, as its claim asks.
package struct ExpansionPlan: Sendable, Hashable {
    package var claim: PersistentVolumeClaim
    package var volume: PersistentVolume
    package var share: ShareAddress
    /// What the claim says it has.
    package var current: Quantity
    /// What the claim asks for.
    package var requested: Quantity

    /// What both say in the end: a volume that is larger already stays so.
    package var size: Quantity {
        guard let capacity = volume.spec?.capacity?["storage"], capacity.exceeds(requested) else { return requested }
        return capacity
    }

    /// Whether the volume says so already, since a run that ended early.
    package var volumeIsLargeEnough: Bool {
        (volume.spec?.capacity?["storage"]).map { !requested.exceeds($0) } ?? false
    }
}
