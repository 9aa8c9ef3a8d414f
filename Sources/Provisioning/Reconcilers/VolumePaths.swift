import Kubernetes
import NFS
import Synchronization

/// The places of the cluster's NFS volumes and of those about to be made, for all reconcilers.
package final class VolumePaths: Sendable {
    private let index = Mutex(VolumePathIndex())

    package init() {}

    /// Takes in what the cluster says of its volumes.
    package func apply(_ change: Change) {
        index.withLock { index in
            switch change {
            case .present(let volume):
                guard let source = volume.spec?.nfs else { return }
                index.insert(volume.key.name, server: source.server, path: source.path)
            case .gone(let volume):
                index.remove(volume.key.name)
            }
        }
    }

    package enum Change {
        case present(PersistentVolume)
        case gone(PersistentVolume)
    }

    /// Takes a place for a volume about to be made, so that no two of them get places that touch.
    ///
    /// - Throws: ``ShareError`` naming the volume that is in the way (rule S4).
    func reserve(_ plan: ProvisioningPlan) throws(ShareError) {
        let export = plan.share.export
        let path = export.absolute(plan.path)
        let neighbour = index.withLock { index -> String? in
            if let neighbour = index.neighbour(
                of: plan.volumeName,
                server: export.server,
                path: path,
                below: export.path
            ) {
                return neighbour
            }
            index.insert(plan.volumeName, server: export.server, path: path)
            return nil
        }
        if let neighbour {
            throw ShareError(
                "the directory \(plan.path) on \(export) is, contains or lies within that of volume \(neighbour)"
            )
        }
    }

    func release(_ plan: ProvisioningPlan) {
        index.withLock { $0.remove(plan.volumeName) }
    }

    /// Takes a released volume out and says which others share its directory. Both in one step: of two volumes on one
    /// directory that are released together, the second finds itself alone (rule R8).
    func takeOut(_ volume: PersistentVolume) -> [String] {
        guard let source = volume.spec?.nfs else { return [] }
        return index.withLock { index in
            index.remove(volume.key.name)
            return index.sharers(of: volume.key.name, server: source.server, path: source.path)
        }
    }
}
