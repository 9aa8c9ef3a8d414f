import Kubernetes
import Provisioning

extension AuditReport {
    /// - Parameters:
    ///   - sources: All that is known. A line's class is that of its volume's record, so a filter by class needs the
    ///     records too.
    ///   - filter: What of it is wanted; its states are deeds, and a failure is a directory that was not there.
    package init(of sources: ReportSources, filter: ReportFilter) {
        let matcher = ReportMatcher(filter)
        let lines = sources.shares.flatMap { share -> [Line] in
            let classes = filter.classes.isEmpty ? [:] : share.classes
            return share.audit.filter { entry in
                matcher.matches(entry.claim?.namespace, classes[entry.volume], entry.at)
                    && (filter.states.isEmpty || filter.hasState(entry.deed.rawValue))
                    && (!filter.failuresOnly || entry.deed == .missing)
            }.map { Line(export: "\(share.export)", entry: $0) }
        }
        self.init(
            generatedAt: sources.now,
            filter: filter,
            lines: lines.sorted { $0.entry.at < $1.entry.at },
            blindSpots: sources.blindSpots
        )
    }
}

extension ShareReading {
    /// Volumes' classes, by name.
    fileprivate var classes: [String: String] {
        var classes: [String: String] = [:]
        for case .record(let record) in volumes { classes[record.volume] = record.storageClass }
        for case .archive(let record, _) in catalogue { classes[record.id] = record.storageClass }
        return classes
    }
}
