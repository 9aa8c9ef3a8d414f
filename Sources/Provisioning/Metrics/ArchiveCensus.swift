import Kubernetes

/// How many archives of this cluster a share has in which state.
struct ArchiveCensus: Sendable {
    /// By a record's state, or `foreign`, or `unreadable`; every state of a record has a number.
    private(set) var counts: [String: Int]
    /// Since when the oldest of a state is in it, for those that are not over yet.
    private(set) var oldest: [String: Timestamp] = [:]
    /// Those that need a backup and have none.
    private(set) var withoutBackup = 0

    /// - Parameters:
    ///   - catalogue: All that the share has.
    ///   - cluster: Clusters may share a share: records of another are not counted.
    init(of catalogue: [CatalogueEntry], cluster: String?) {
        counts = Dictionary(uniqueKeysWithValues: ArchiveRecord.State.allCases.map { ($0.rawValue, 0) })
        counts["foreign"] = 0
        counts["unreadable"] = 0
        for entry in catalogue {
            switch entry {
            case .foreign: counts["foreign", default: 0] += 1
            case .unreadable: counts["unreadable", default: 0] += 1
            case .archive(let record, _) where record.isOf(cluster): count(record)
            case .archive: break
            }
        }
    }

    private mutating func count(_ record: ArchiveRecord) {
        let state = record.state.rawValue
        counts[state, default: 0] += 1
        if let since = record.inStateSince { oldest[state] = min(oldest[state] ?? since, since) }
        if record.isOnShare, record.lacksBackup { withoutBackup += 1 }
    }
}
