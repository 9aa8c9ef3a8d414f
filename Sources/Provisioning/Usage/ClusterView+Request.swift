import ControllerKit
import Kubernetes

extension ClusterView {
    /// The claim that a volume is bound to; nil while it is bound to none that is still there.
    package func claim(of volume: PersistentVolume) -> PersistentVolumeClaim? {
        guard let reference = volume.spec?.claimRef, let namespace = reference.namespace, let name = reference.name,
            let claim = claims[ObjectKey(namespace: namespace, name: name)], claim.metadata.uid == reference.uid
        else { return nil }
        return claim
    }

    /// What a volume's claim asks for, or was given if it is gone.
    package func request(of volume: PersistentVolume) -> Quantity? {
        claim(of: volume)?.spec?.resources?.requests?["storage"] ?? volume.spec?.capacity?["storage"]
    }
}
