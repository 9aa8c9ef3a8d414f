import Kubernetes

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
