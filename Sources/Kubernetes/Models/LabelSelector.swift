/// A query over labels, as in a claim's `spec.selector`.
package struct LabelSelector: Codable, Hashable, Sendable {
    /// One condition on one label.
    package struct Requirement: Codable, Hashable, Sendable {
        package var key: String
        package var `operator`: String
        package var values: [String]?

        package init(key: String, operator: String, values: [String]? = nil) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    package var matchLabels: [String: String]?
    package var matchExpressions: [Requirement]?

    package init(matchLabels: [String: String]? = nil, matchExpressions: [Requirement]? = nil) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }
}

extension LabelSelector {
    /// Whether it has no condition.
    package var isEmpty: Bool { (matchLabels ?? [:]).isEmpty && (matchExpressions ?? []).isEmpty }

    /// Whether labels meet every condition, as the API server judges it.
    ///
    /// Nothing meets a condition with an unknown operator.
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
