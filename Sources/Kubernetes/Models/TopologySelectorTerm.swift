/// Nodes that a class' volumes may be for: those whose labels satisfy all expressions.
package struct TopologySelectorTerm: Codable, Hashable, Sendable {
    /// A label and its possible values.
    package struct Requirement: Codable, Hashable, Sendable {
        package var key: String
        package var values: [String]

        package init(key: String, values: [String]) {
            self.key = key
            self.values = values
        }
    }

    package var matchLabelExpressions: [Requirement]?

    package init(matchLabelExpressions: [Requirement]? = nil) {
        self.matchLabelExpressions = matchLabelExpressions
    }
}
