import ControllerKit
import Kubernetes

extension VolumeReconciler {
    /// Runs the pending hooks of a new volume, once its claim is bound. The volume itself remembers them, so that a
    /// restart neither forgets nor repeats them.
    func runPendingHooks(of volume: PersistentVolume) async throws {
        guard let word = volume.metadata.annotations?[AnnotationKey.pendingHooks], volume.status?.phase == .bound,
            volume.metadata.deletionTimestamp == nil, volume.isProvisioned(under: settings)
        else { return }
        // The claim in the record selects the hooks.
        try await followVolume(volume)
        if let phase = HookPhase(rawValue: word), let (share, path) = place(of: volume) {
            try await shares[share].runHooks(phase, ofVolume: volume.key.name, at: path)
        }
        try await forgetPendingHooks(of: volume)
    }

    /// The export that a volume lies on and its path there; nil if it lies on none that is configured.
    func place(of volume: PersistentVolume) -> (share: ShareAddress, path: VolumePath)? {
        let shares = ConfiguredShares(classes: cluster.classes.objects, settings: settings)
        guard let source = volume.spec?.nfs,
            let (share, components) = shares.share(
                of: source,
                annotated: volume.metadata.annotations?[AnnotationKey.share]
            ), let path = try? VolumePath(components: components)
        else { return nil }
        return (share, path)
    }

    private func forgetPendingHooks(of volume: PersistentVolume) async throws(KubernetesError) {
        let patch = Patch.merge(
            ["metadata": ["annotations": [AnnotationKey.pendingHooks: .null]]],
            uid: volume.metadata.uid
        )
        do {
            cluster.volumes.upsert(try await volumes.patch(volume.key, patch))
        } catch let error where error.code == .notFound {
            return
        }
    }
}
