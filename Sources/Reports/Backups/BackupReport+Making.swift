import Kubernetes
import Provisioning

extension BackupReport {
    fileprivate static let nextPurgesShown = 5

    /// - Parameters:
    ///   - sources: All that is known.
    ///   - filter: What of it is wanted.
    package init(of sources: ReportSources, filter: ReportFilter) {
        let wanted = BackupItems(of: sources).all.map(\.item).filter(ReportMatcher(filter).matches)
        let shown = wanted.filter { item in
            (!item.hasEnded || filter.hasState(item.state)) && (!filter.failuresOnly || item.verdict != .ok)
        }
        self.init(
            generatedAt: sources.now,
            cluster: sources.cluster.id,
            filter: filter,
            summary: Summary(of: wanted, filter),
            items: shown.sorted(by: BackupItem.isBefore),
            blindSpots: sources.blindSpots
        )
    }
}

extension BackupReport.Summary {
    fileprivate init(of items: [BackupItem], _ filter: ReportFilter) {
        self.init()
        for item in items {
            if item.hasEnded { ended += 1 }
            if !item.hasEnded || filter.hasState(item.state) { verdicts[item.verdict.rawValue, default: 0] += 1 }
            guard !item.hasEnded else { continue }
            if item.kind == .volume { volumes += 1 } else { archives += 1 }
            requestedBytes.addUpToMax(item.requestedBytes ?? 0)
            usedBytes.addUpToMax(item.usedBytes ?? 0)
            if item.usedBytes == nil { unmeasured += 1 }
        }
        let purges = items.compactMap { item in
            item.keptUntil.map { BackupReport.Purge(archive: item.id, keptUntil: $0) }
        }
        nextPurges = Array(
            purges.sorted { ($0.keptUntil, $0.archive) < ($1.keptUntil, $1.archive) }.prefix(
                BackupReport.nextPurgesShown
            )
        )
    }
}

extension BackupItem {
    /// The worst first, then by whose it is.
    fileprivate static func isBefore(_ one: BackupItem, _ other: BackupItem) -> Bool {
        if one.verdict != other.verdict { return one.verdict.urgency < other.verdict.urgency }
        let (owner, otherOwner) = (one.namespace ?? "", other.namespace ?? "")
        if owner != otherOwner { return owner < otherOwner }
        let (claim, otherClaim) = (one.claim ?? "", other.claim ?? "")
        if claim != otherClaim { return claim < otherClaim }
        return one.id == other.id ? one.kind == .volume && other.kind == .archive : one.id < other.id
    }
}
