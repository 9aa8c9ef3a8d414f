import Kubernetes
import Synchronization

/// The places of the cluster's NFS volumes and of those about to be made, for all reconcilers.
package final class VolumePaths: Sendable {
    private let index = Mutex(VolumePathIndex())

    package init() {}

    /// Starts over with the volumes of the cluster, without the reservations of an earlier leadership.
    ///
    /// - Parameter volumes: Called under the lock, so that no change falls in between.
    func rebuild(from volumes: () -> [PersistentVolume]) {
        index.withLock { index in
            index = VolumePathIndex()
            for volume in volumes() { index.insert(volume.key.name, at: Self.places(of: volume)) }
        }
    }

    package func insert(_ volume: PersistentVolume) {
        index.withLock { $0.insert(volume.key.name, at: Self.places(of: volume)) }
    }

    func remove(_ volume: String) {
        index.withLock { $0.remove(volume) }
    }

    /// Reserves a place for a volume about to be made, so that no two of them touch.
    ///
    /// - Parameters:
    ///   - plan: The volume to make.
    ///   - exportID: The export's identity, once it is known: it finds neighbours that name the server differently.
    /// - Throws: ``ShareError`` naming the volume that is in the way (S4: no two volumes touch).
    func reserve(_ plan: ProvisioningPlan, exportID: String? = nil) throws(ShareError) {
        let export = plan.share.export
        if let neighbour = reserve(plan.path, of: export, for: plan.volumeName, exportID: exportID) {
            throw ShareError(
                "the directory \(plan.path) on \(export) is, contains or lies within that of volume \(neighbour)"
            )
        }
    }

    /// Reserves a place.
    ///
    /// - Returns: The volume that is in the way; nil if the place is now reserved.
    func reserve(_ path: VolumePath, of export: ExportPath, for volume: String, exportID: String?) -> String? {
        var places = [(realm: ExportPath.key(ofServer: export.server), path: export.absolute(path), root: export.path)]
        if let exportID { places.append((realm: exportID, path: "/\(path)", root: "/")) }
        return index.withLock { index in
            for (realm, path, root) in places {
                guard let place = VolumePathIndex.Place(realm: realm, path: path),
                    let root = VolumePathIndex.Place(realm: realm, path: root)
                else { continue }
                if let neighbour = index.neighbour(of: volume, at: place, below: root) { return neighbour }
                index.insert(volume, at: [place])
            }
            return nil
        }
    }

    /// Marks a released volume as leaving, and returns the volumes on its directory or below it (R8: a directory that
    /// others use stays). Both happen in one step: of two volumes on one directory that are released together, the
    /// second finds itself alone. No new volume gets the place before this one is gone.
    func leave(_ volume: PersistentVolume, exportID: String) -> [String] {
        index.withLock { index in
            index.leave(volume.key.name)
            let places = Self.places(of: volume) + Self.places(of: volume, exportID: exportID)
            let otherVolumes = Self.otherVolumes(of: volume, at: places, in: index)
            if !otherVolumes.isEmpty { index.yield(volume.key.name) }
            return otherVolumes
        }
    }

    /// Other volumes on a volume's directory or below it.
    package func otherVolumes(of volume: PersistentVolume, exportID: String? = nil) -> [String] {
        let places = Self.places(of: volume) + (exportID.map { Self.places(of: volume, exportID: $0) } ?? [])
        return index.withLock { Self.otherVolumes(of: volume, at: places, in: $0) }
    }

    /// Whether a volume is leaving, and leaves its directory to others that are on it.
    func isYielding(_ volume: String) -> Bool {
        index.withLock { $0.yielding.contains(volume) }
    }

    /// Lets a volume that could not leave count again.
    func stay(_ volume: PersistentVolume) {
        index.withLock { $0.stay(volume.key.name) }
    }

    private static func otherVolumes(
        of volume: PersistentVolume,
        at places: [VolumePathIndex.Place],
        in index: VolumePathIndex
    ) -> [String] {
        places.reduce(into: Set<String>()) { otherVolumes, place in
            otherVolumes.formUnion(index.otherVolumes(of: volume.key.name, at: place))
        }.sorted()
    }

    private static func places(of volume: PersistentVolume) -> [VolumePathIndex.Place] {
        guard let source = volume.spec?.nfs else { return [] }
        let place = VolumePathIndex.Place(realm: ExportPath.key(ofServer: source.server), path: source.path)
        let exportID = volume.metadata.annotations?[AnnotationKey.exportID]
        return (place.map { [$0] } ?? []) + (exportID.map { places(of: volume, exportID: $0) } ?? [])
    }

    private static func places(of volume: PersistentVolume, exportID: String) -> [VolumePathIndex.Place] {
        guard let source = volume.spec?.nfs, let share = volume.metadata.annotations?[AnnotationKey.share],
            let export = ExportPath(server: source.server, path: share),
            let components = export.relativeComponents(of: source.path),
            let place = VolumePathIndex.Place(realm: exportID, path: "/" + components.joined(separator: "/"))
        else { return [] }
        return [place]
    }
}
