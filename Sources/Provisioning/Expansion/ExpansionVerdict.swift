import Kubernetes

/// Verdict on whether a claim's volume is expanded (E1: volume, record, then claim grow): a function of the claim, its
/// volume, the cluster's classes and the settings.
///
/// A smaller request needs no case: the API server refuses it.
package enum ExpansionVerdict: Sendable, Hashable {
    /// The claim does not ask for more, or the volume is not ours.
    case ignore
    /// The expansion is impossible until something changes; the reason becomes a `VolumeResizeFailed` event.
    case refuse(reason: String)
    case expand(ExpansionPlan)

    /// - Parameters:
    ///   - claim: The claim.
    ///   - volume: The volume that the claim is bound to; nil if unknown.
    ///   - classes: All classes of the cluster.
    ///   - settings: The provisioner's settings.
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
                reason: "its class \"\(claim.className ?? "")\" is gone or belongs to another provisioner;"
                    + " create the class again to expand the claim"
            )
            return
        }
        guard storageClass.allowVolumeExpansion == true else {
            self = .refuse(reason: "its class \(storageClass.key) does not allow expansion; set allowVolumeExpansion")
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

/// Expansion of a volume to the size that its claim requests.
package struct ExpansionPlan: Sendable, Hashable {
    package var claim: PersistentVolumeClaim
    package var volume: PersistentVolume
    package var share: ShareAddress
    /// The capacity in the claim's status.
    package var current: Quantity
    /// The storage that the claim requests.
    package var requested: Quantity

    /// The final size of claim and volume: a volume that is already larger keeps its size.
    package var size: Quantity {
        guard let capacity = volume.spec?.capacity?["storage"], capacity.exceeds(requested) else { return requested }
        return capacity
    }

    /// Whether the volume already has the requested size, from a run that ended early.
    package var volumeIsLargeEnough: Bool {
        (volume.spec?.capacity?["storage"]).map { !requested.exceeds($0) } ?? false
    }
}
