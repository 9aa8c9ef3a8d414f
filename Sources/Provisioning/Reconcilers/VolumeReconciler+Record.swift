import Kubernetes
import Logging

extension VolumeReconciler {
    /// Updates the record of a bound volume whose claim is another than the one it was made for (R14: the record follows
    /// the claim): `recover`, hooks and retention go by the record. Asked once for each volume and claim.
    func followClaim(of volume: PersistentVolume) async throws {
        guard volume.status?.phase == .bound, isOurs(volume), let claim = ClaimReference(volume.spec?.claimRef),
            !claim.uid.isEmpty, volume.key.name != "pvc-\(claim.uid)", !records.follows(claim.uid, volume.key),
            // Reported later, the claim has its volume queued again.
            let notes = cluster.claim(of: volume).map({ ClaimNotes($0.metadata) }),
            let (share, path) = place(of: volume)
        else { return }
        if try await shares[share].follow(claim, notes: notes, ofVolume: volume.key.name, at: path) {
            Logger.current.info(
                "the volume is bound to another claim than before; its record names that now",
                metadata: ["claim": "\(claim.namespace)/\(claim.name)", "export": "\(share)", "path": "\(path)"]
            )
        }
        records.note(claim.uid, of: volume.key)
        records.end(releaseOf: volume.key)
    }

    /// Removes the release from the record of a volume that is not to be reclaimed after all (R15: it leaves no trace).
    func dropRelease(of volume: PersistentVolume) async throws {
        guard records.mayHaveRelease(volume.key) else { return }
        if isOurs(volume), let (share, path) = place(of: volume),
            try await shares[share].dropRelease(ofVolume: volume.key.name, at: path)
        {
            Logger.current.info(
                "the volume is not to be reclaimed any more; its record forgets the release",
                metadata: ["export": "\(share)", "path": "\(path)"]
            )
        }
        records.end(releaseOf: volume.key)
    }

    /// Volumes of another provisioner have no record before they are archived.
    private func isOurs(_ volume: PersistentVolume) -> Bool {
        volume.isProvisioned(under: settings) && volume.metadata.annotations?[AnnotationKey.share] != nil
    }
}
