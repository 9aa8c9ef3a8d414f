import Kubernetes

/// Which NFS volumes of the cluster lie where: a value that answers whether two of them touch (rules S4, R8).
struct VolumePathIndex {
    private struct Place: Hashable {
        let server: String
        /// Absolute and clean.
        let path: String

        /// The directories above this one, innermost first, without the file system's root.
        var ancestors: [Place] {
            var ancestors: [Place] = []
            var path = path[...]
            while let slash = path.lastIndex(of: "/"), slash != path.startIndex {
                path = path[..<slash]
                ancestors.append(Place(server: server, path: String(path)))
            }
            return ancestors
        }
    }

    private var places: [String: Place] = [:]
    private var volumesAt: [Place: Set<String>] = [:]
    private var volumesBelow: [Place: Set<String>] = [:]

    mutating func insert(_ volume: String, server: String, path: String) {
        remove(volume)
        guard let place = Self.place(server, path) else { return }
        places[volume] = place
        volumesAt[place, default: []].insert(volume)
        for ancestor in place.ancestors { volumesBelow[ancestor, default: []].insert(volume) }
    }

    mutating func remove(_ volume: String) {
        guard let place = places.removeValue(forKey: volume) else { return }
        Self.remove(volume, at: place, from: &volumesAt)
        for ancestor in place.ancestors { Self.remove(volume, at: ancestor, from: &volumesBelow) }
    }

    /// A volume other than `volume` that lies at, above or below a path. What lies at `root`, the export's path, or above
    /// it is the admin's way to the whole share, and nobody's neighbour.
    func neighbour(of volume: String, server: String, path: String, below root: String) -> String? {
        guard let place = Self.place(server, path) else { return nil }
        let above = place.ancestors.filter { $0.path.count > root.count }
        let sets = [volumesAt[place], volumesBelow[place]] + above.map { volumesAt[$0] }
        return sets.lazy.compactMap { $0?.first { $0 != volume } }.first
    }

    /// Volumes other than `volume` at a path or below it.
    func sharers(of volume: String, server: String, path: String) -> [String] {
        guard let place = Self.place(server, path) else { return [] }
        return (volumesAt[place] ?? []).union(volumesBelow[place] ?? []).subtracting([volume]).sorted()
    }

    private static func place(_ server: String, _ path: String) -> Place? {
        ExportPath(server: server, path: path).map { Place(server: $0.server, path: $0.path) }
    }

    private static func remove(_ volume: String, at place: Place, from volumes: inout [Place: Set<String>]) {
        volumes[place]?.remove(volume)
        if volumes[place]?.isEmpty ?? false { volumes[place] = nil }
    }
}
