import ControllerKit
import Kubernetes

extension ClaimVerdict {
    /// With the class and the volume that the cluster is known to have for the claim.
    package init(on claim: PersistentVolumeClaim, in cluster: ClusterView, settings: ProvisionerSettings) {
        self.init(
            on: claim,
            storageClass: claim.className.flatMap { cluster.classes[ObjectKey(name: $0)] },
            volume: claim.volumeName.flatMap { cluster.volumes[ObjectKey(name: $0)] },
            settings: settings
        )
    }
}
