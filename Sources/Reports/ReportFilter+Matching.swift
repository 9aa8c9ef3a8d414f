extension ReportFilter {
    /// Whether a state, or a deed, is among those wanted, whatever its case.
    func hasState(_ state: String) -> Bool {
        states.contains { $0.lowercased() == state.lowercased() }
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
