import Kubernetes
import NFS

/// Verdict on a volume: a function of the volume, the cluster's classes, the settings and the claim's last state.
package enum VolumeVerdict: Sendable, Hashable {
    /// Not ours, or nothing to do.
    case ignore
    /// Its policy keeps the data, or the admin wants no finalizers of ours: our finalizer comes off.
    case letGo
    /// In use under the policy Delete, but without our finalizer, because it was made without one, or before its policy
    /// was changed: the finalizer is added (V3: the finalizer keeps the volume).
    case protect
    /// Ours to reclaim, but not safely; the reason becomes a `VolumeFailedDelete` event.
    case refuse(reason: String)
    case reclaim(ReclaimPlan)

    /// - Parameters:
    ///   - volume: The volume as the API server has it; a cached one only shows whether it is worth asking.
    ///   - classes: All classes of the cluster.
    ///   - settings: The provisioner's settings.
    ///   - lastClaimState: The last known state of the claim, for a volume whose claim is gone.
    package init(
        on volume: PersistentVolume,
        classes: [StorageClass],
        settings: ProvisionerSettings,
        lastClaimState: LastClaimState = .carried
    ) {
        guard volume.isProvisioned(under: settings) else {
            self = .ignore
            return
        }
        guard volume.spec?.persistentVolumeReclaimPolicy == .delete else {
            self = volume.hasProvisionerFinalizer ? .letGo : .ignore
            return
        }
        if Self.isInUse(volume), volume.hasProvisionerFinalizer != settings.addsFinalizer {
            self = settings.addsFinalizer ? .protect : .letGo
            return
        }
        guard volume.status?.phase == .released, volume.spec?.claimRef?.uid != nil, !Self.isLeavingWithoutUs(volume)
        else {
            self = .ignore
            return
        }
        self = Self.reclaim(volume, classes: classes, settings: settings, lastClaimState)
    }

    /// Whether a volume is in use and of our making, so that the finalizer is added or removed as the admin wants it
    /// (V3: the finalizer keeps the volume). Without it, an earlier provisioner can take over the volume again
    /// (T4: going back works). Volumes that another one made stay as they are: it would never remove our finalizer.
    private static func isInUse(_ volume: PersistentVolume) -> Bool {
        volume.status?.phase == .bound && volume.metadata.deletionTimestamp == nil
            && volume.metadata.annotations?[AnnotationKey.share] != nil
    }

    /// Whether only another program's finalizer holds a deleted volume; without ours, its data is not our business.
    private static func isLeavingWithoutUs(_ volume: PersistentVolume) -> Bool {
        volume.metadata.deletionTimestamp != nil && !volume.hasProvisionerFinalizer
    }

    private static func reclaim(
        _ volume: PersistentVolume,
        classes: [StorageClass],
        settings: ProvisionerSettings,
        _ lastClaimState: LastClaimState
    ) -> VolumeVerdict {
        guard let source = volume.spec?.nfs else {
            return .refuse(reason: "the volume is not an NFS volume: its spec.nfs is missing")
        }
        let shares = ConfiguredShares(classes: classes, settings: settings)
        guard
            let (share, components) = shares.share(
                of: source,
                annotated: volume.metadata.annotations?[AnnotationKey.share]
            )
        else {
            return .refuse(
                reason: "\(source.server):\(source.path) is on no configured export: configure the export it is on,"
                    + " or set the volume's reclaim policy to Retain; nothing was touched"
            )
        }
        do {
            // A volume of another provisioner keeps to its class, as it always has.
            let expectsMore = volume.metadata.annotations?[AnnotationKey.share] != nil
            let storageClass = classes.named(volume.className, of: settings)
            return .reclaim(
                ReclaimPlan(
                    volume: volume,
                    share: share,
                    path: try VolumePath(components: components),
                    action: storageClass.flatMap { try? ClassParameters.releaseAction(of: $0.parameters ?? [:]) },
                    backup: storageClass?.backupRequirement,
                    lastClaimState: lastClaimState == .unseen && !expectsMore ? .carried : lastClaimState
                )
            )
        } catch {
            return .refuse(
                reason: "\(source.server):\(source.path) is not a volume's directory: \(error); nothing was touched"
            )
        }
    }
}

/// The last known state of a released volume's claim, whose annotations say how to keep its data.
package enum LastClaimState: Sendable, Hashable {
    /// The watch reported the deletion, with the claim's last labels and annotations.
    case seen(ClaimNotes)
    /// The claim was deleted while no controller watched: what the volume carries of it may be outdated.
    case unseen
    /// The annotations that the volume carries count; no more are expected.
    case carried
}
