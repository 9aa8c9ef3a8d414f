import Kubernetes

extension ReportFilter {
    /// Whether a volume or archive is wanted, as long as ``failuresOnly`` is not asked.
    func matches(_ item: BackupItem) -> Bool {
        matches(item.namespace, namespaces) && matches(item.storageClass, classes)
            && (states.isEmpty || hasState(item.state)) && matches(item.lastMoment)
    }

    func matches(_ value: String?, _ wanted: [String]) -> Bool {
        wanted.isEmpty || value.map(wanted.contains) ?? false
    }

    /// Whether a state, or a deed, is among those wanted, whatever its case.
    func hasState(_ state: String) -> Bool {
        states.contains { $0.lowercased() == state.lowercased() }
    }

    /// Whether a time is in the one wanted; what has none is.
    func matches(_ time: Timestamp?) -> Bool {
        guard let time else { return true }
        return since.map { time >= $0 } ?? true && until.map { time <= $0 } ?? true
    }
}

extension ReportFilter: CustomStringConvertible {
    /// What it lets through, for people; empty: everything.
    package var description: String {
        let lists = [("namespace", namespaces), ("class", classes), ("state", states)].compactMap { name, values in
            values.isEmpty ? nil : "\(name) \(values.joined(separator: ", "))"
        }
        let times = [since.map { "since \($0)" }, until.map { "until \($0)" }].compactMap { $0 }
        return (lists + times + (failuresOnly ? ["failures only"] : [])).joined(separator: "; ")
    }
}
