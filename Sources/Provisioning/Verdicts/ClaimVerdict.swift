import ControllerKit
import Kubernetes
import NFS

/// Verdict on a claim: a function of the claim, its class, the volume of its name and the settings.
package enum ClaimVerdict: Sendable, Hashable {
    /// Not ours, or nothing left to do.
    case ignore
    /// The claim waits until something else happens; the reason, if there is one, is for its owner.
    case wait(reason: String?)
    /// Left to another program that fills the volume (C7: never an empty volume instead); the reason is for the claim's
    /// owner.
    case leave(reason: String)
    /// Cannot be served until the claim or its class changes; the reason becomes a `ProvisioningFailed` event.
    case reject(reason: String)
    case provision(ProvisioningPlan)

    /// - Parameters:
    ///   - claim: The claim as a cache has it (C9: read again before anything is made).
    ///   - storageClass: The claim's class, or nil if the cluster has none of that name.
    ///   - volume: The volume `pvc-<uid>`, if it is already there.
    ///   - settings: The provisioner's settings.
    package init(
        on claim: PersistentVolumeClaim,
        storageClass: StorageClass?,
        volume: PersistentVolume?,
        settings: ProvisionerSettings
    ) {
        guard Self.isPending(claim), claim.storageProvisioner.map(settings.knows) ?? false else {
            self = .ignore
            return
        }
        if let volume {
            self = Self.verdict(on: claim, having: volume)
            return
        }
        guard let className = claim.className, let storageClass else {
            self = .wait(
                reason: "storageclass \"\(claim.className ?? "")\" not found: create it to provision the claim"
            )
            return
        }
        guard settings.knows(storageClass.provisioner) else {
            self = .ignore
            return
        }
        if let hindrance = Self.hindrance(of: claim, storageClass: storageClass) {
            self = hindrance
            return
        }
        do {
            self = .provision(try ProvisioningPlan(for: claim, storageClass: storageClass, settings: settings))
        } catch {
            self = .reject(reason: "failed to provision volume with StorageClass \"\(className)\": \(error.reason)")
        }
    }

    /// Whether a claim still wants a volume (C1: unbound, pending, not being deleted).
    package static func isPending(_ claim: PersistentVolumeClaim) -> Bool {
        (claim.spec?.volumeName ?? "").isEmpty && claim.metadata.deletionTimestamp == nil
            && (claim.status?.phase ?? .pending) == .pending
    }

    /// Judges a claim that has a volume already (C10: a volume of this name exists).
    private static func verdict(on claim: PersistentVolumeClaim, having volume: PersistentVolume) -> ClaimVerdict {
        guard let owner = volume.spec?.claimRef, owner.uid == claim.metadata.uid else {
            let owner = volume.spec?.claimRef.map { "\($0.namespace ?? "")/\($0.name ?? "")" } ?? "no claim"
            return .reject(
                reason: "volume \(volume.key) exists and belongs to \(owner): delete that volume if nothing needs it"
            )
        }
        return .ignore
    }

    /// The verdict that keeps a claim from being served now; nil if nothing does.
    ///
    /// - C4: wait for the selected node.
    /// - C5: no block volumes.
    /// - C6: no selectors, no attributes.
    /// - C7: never an empty volume instead.
    private static func hindrance(of claim: PersistentVolumeClaim, storageClass: StorageClass) -> ClaimVerdict? {
        let provisioner = storageClass.provisioner
        if claim.spec?.volumeMode == .block {
            return .reject(reason: "\(provisioner) does not support block volume provisioning")
        }
        // An empty selector excludes nothing; some user interfaces write one.
        if claim.spec?.selector?.isEmpty == false { return .reject(reason: "claim Selector is not supported") }
        if let attributes = claim.spec?.volumeAttributesClassName, !attributes.isEmpty {
            // The API server allows it only with CSI volumes, and binds no volume without it to the claim (KEP-3751).
            return .reject(
                reason: "\(provisioner) cannot serve the VolumeAttributesClass \"\(attributes)\": remove"
                    + " volumeAttributesClassName from the claim"
            )
        }
        switch claim.spec?.dataSourceRef?.kind ?? claim.spec?.dataSource?.kind {
        case nil: break
        case "PersistentVolumeClaim", "VolumeSnapshot":
            return .reject(
                reason:
                    "\(provisioner) cannot copy another claim or a snapshot into a volume, and does not give an empty"
                    + " one instead: remove the claim's data source"
            )
        default:
            return .leave(reason: "Assuming an external populator will provision the volume")
        }
        guard storageClass.volumeBindingMode == .waitForFirstConsumer else { return nil }
        let node = claim.metadata.annotations?[AnnotationKey.selectedNode] ?? ""
        return node.isEmpty ? .wait(reason: nil) : nil
    }
}

extension ClaimVerdict {
    /// Takes the claim's class and volume from the view of the cluster.
    package init(on claim: PersistentVolumeClaim, in cluster: ClusterView, settings: ProvisionerSettings) {
        self.init(
            on: claim,
            storageClass: claim.className.flatMap { cluster.classes[ObjectKey(name: $0)] },
            volume: claim.volumeName.flatMap { cluster.volumes[ObjectKey(name: $0)] },
            settings: settings
        )
    }
}
