import Kubernetes

/// A filter prepared to match many volumes, archives and lines: a user may see thousands of namespaces.
struct ReportMatcher {
    private let filter: ReportFilter
    private let namespaces: Set<String>
    private let classes: Set<String>

    init(_ filter: ReportFilter) {
        self.filter = filter
        (namespaces, classes) = (Set(filter.namespaces), Set(filter.classes))
    }

    /// Whether a volume or archive is wanted, apart from ``ReportFilter/failuresOnly``.
    func matches(_ item: BackupItem) -> Bool {
        matches(item.namespace, item.storageClass, item.lastMoment)
            && (filter.states.isEmpty || filter.hasState(item.state))
    }

    /// Whether a namespace, a class and a time are wanted; nil as time is always wanted.
    func matches(_ namespace: String?, _ storageClass: String?, _ time: Timestamp?) -> Bool {
        func isIn(_ wanted: Set<String>, _ value: String?) -> Bool {
            wanted.isEmpty || value.map(wanted.contains) ?? false
        }
        guard isIn(namespaces, namespace), isIn(classes, storageClass) else { return false }
        guard let time else { return true }
        return filter.since.map { time >= $0 } ?? true && filter.until.map { time <= $0 } ?? true
    }
}
