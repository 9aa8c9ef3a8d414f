extension LabelSelector {
    /// Whether labels meet every condition, as the API server judges it.
    ///
    /// A condition with an operator that is not known is met by nothing.
    package func matches(_ labels: [String: String]) -> Bool {
        (matchLabels ?? [:]).allSatisfy { labels[$0] == $1 }
            && (matchExpressions ?? []).allSatisfy { $0.matches(labels[$0.key]) }
    }
}

extension LabelSelector.Requirement {
    fileprivate func matches(_ value: String?) -> Bool {
        switch `operator` {
        case "In": value.map { (values ?? []).contains($0) } ?? false
        case "NotIn": value.map { !(values ?? []).contains($0) } ?? true
        case "Exists": value != nil
        case "DoesNotExist": value == nil
        default: false
        }
    }
}
