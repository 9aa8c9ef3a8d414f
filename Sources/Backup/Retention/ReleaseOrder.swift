import Kubernetes
import Provisioning

/// The archives of a share in the order in which their data was released, claim by claim.
struct ReleaseOrder {
    /// Whose archives keep each other, and whose do not.
    private struct Owner: Hashable {
        let cluster: String?
        let namespace: String
        let name: String
    }

    private var newer: [String: ArraySlice<String>] = [:]

    /// An archive that is being made or is leaving takes no place from another.
    init(_ archives: [(record: ArchiveRecord, times: ArchiveTimes)]) {
        var claims: [Owner: [(id: String, times: ArchiveTimes)]] = [:]
        for (record, times) in archives where record.state == .archived {
            guard let claim = record.claim else { continue }
            let owner = Owner(cluster: record.cluster, namespace: claim.namespace, name: claim.name)
            claims[owner, default: []].append((record.id, times))
        }
        for archives in claims.values { add(archives) }
    }

    /// The archives of the same claim whose data was certainly released later, newest first.
    func newer(than archive: String) -> ArraySlice<String> { newer[archive] ?? [] }

    private mutating func add(_ archives: [(id: String, times: ArchiveTimes)]) {
        let ranked = archives.compactMap { archive in
            archive.times.certainRank.map { (rank: $0, id: archive.id) }
        }.sorted { ($0.rank, $0.id) > ($1.rank, $1.id) }
        let ids = ranked.map(\.id)
        for archive in archives {
            guard let latest = archive.times.latest else { continue }
            newer[archive.id] = ids.prefix(ranked.count(whileTrue: { $0.rank > latest }))
        }
    }
}

extension [(rank: ReleaseRank, id: String)] {
    /// How many elements at the beginning satisfy a predicate that none after them does.
    fileprivate func count(whileTrue isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension ArchiveTimes {
    /// The place that an archive has for certain; nil: it is newer than no other.
    var certainRank: ReleaseRank? { contradiction == nil ? earliest : nil }
}
