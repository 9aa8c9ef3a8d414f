/// Index of where the cluster's NFS volumes lie, which tells whether two of them touch (S4: no two volumes touch; R8: a
/// directory that others use stays).
struct VolumePathIndex {
    /// Place of a volume.
    struct Place: Hashable {
        /// A server as volumes name it, or an export's own identity: one server may go by several names.
        let realm: String
        /// Absolute and clean, as bytes: as `String`s, the names of two different files may compare equal.
        let path: [UInt8]

        /// - Returns: nil for a path that is not absolute, or contains `.`, `..` or a NUL.
        init?(realm: String, path: String) {
            guard let components = ExportPath.components(of: path) else { return nil }
            self.realm = realm
            self.path = components.flatMap { Array("/".utf8) + Array($0.utf8) }
        }

        private init(realm: String, path: [UInt8]) {
            self.realm = realm
            self.path = path
        }

        /// The places above this one, except for the topmost root.
        var ancestors: [Place] {
            path.indices.dropFirst().filter { path[$0] == UInt8(ascii: "/") }
                .map { Place(realm: realm, path: Array(path[..<$0])) }
        }
    }

    private var places: [String: [Place]] = [:]
    private var volumesAt: [Place: Set<String>] = [:]
    private var volumesBelow: [Place: Set<String>] = [:]
    private var leaving: Set<String> = []
    /// The volumes in `leaving` that found others in their place, and leave the directory to them.
    private(set) var yielding: Set<String> = []

    mutating func insert(_ volume: String, at newPlaces: [Place]) {
        let known = places[volume] ?? []
        for place in newPlaces where !known.contains(place) {
            places[volume, default: []].append(place)
            volumesAt[place, default: []].insert(volume)
            for ancestor in place.ancestors { volumesBelow[ancestor, default: []].insert(volume) }
        }
    }

    mutating func remove(_ volume: String) {
        for place in places.removeValue(forKey: volume) ?? [] {
            Self.remove(volume, at: place, from: &volumesAt)
            for ancestor in place.ancestors { Self.remove(volume, at: ancestor, from: &volumesBelow) }
        }
        stay(volume)
    }

    /// A volume other than `volume` that lies at, above or below a place, also one that is leaving. A volume at `root`,
    /// the export's place, or above it does not count: it is the admin's access to the whole share.
    func neighbour(of volume: String, at place: Place, below root: Place) -> String? {
        let above = place.ancestors.filter { $0.path.count > root.path.count }
        let sets = [volumesAt[place], volumesBelow[place]] + above.map { volumesAt[$0] }
        return sets.lazy.compactMap { $0?.first { $0 != volume } }.first
    }

    /// Marks a volume as leaving its place, which stays taken until the volume is removed. It no longer holds others
    /// back from leaving.
    mutating func leave(_ volume: String) {
        leaving.insert(volume)
        yielding.remove(volume)
    }

    /// Marks a leaving volume as one that leaves its directory to others.
    mutating func yield(_ volume: String) {
        yielding.insert(volume)
    }

    mutating func stay(_ volume: String) {
        leaving.remove(volume)
        yielding.remove(volume)
    }

    /// Volumes other than `volume` at a place or below it that are not leaving themselves.
    func otherVolumes(of volume: String, at place: Place) -> Set<String> {
        (volumesAt[place] ?? []).union(volumesBelow[place] ?? []).subtracting(leaving).subtracting([volume])
    }

    private static func remove(_ volume: String, at place: Place, from volumes: inout [Place: Set<String>]) {
        volumes[place]?.remove(volume)
        if volumes[place]?.isEmpty ?? false { volumes[place] = nil }
    }
}
