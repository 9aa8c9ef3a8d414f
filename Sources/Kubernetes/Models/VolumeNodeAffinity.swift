/// The nodes from which a volume can be reached.
package struct VolumeNodeAffinity: Codable, Hashable, Sendable {
    /// A selector that matches if any of its terms does.
    package struct NodeSelector: Codable, Hashable, Sendable {
        package var nodeSelectorTerms: [Term]

        package init(nodeSelectorTerms: [Term]) {
            self.nodeSelectorTerms = nodeSelectorTerms
        }
    }

    /// A term that matches if all of its expressions do.
    package struct Term: Codable, Hashable, Sendable {
        package var matchExpressions: [Requirement]?

        package init(matchExpressions: [Requirement]? = nil) {
            self.matchExpressions = matchExpressions
        }
    }

    /// A label and a condition on its value.
    package struct Requirement: Codable, Hashable, Sendable {
        package var key: String
        /// The operator, such as `In`.
        package var `operator`: String
        package var values: [String]?

        package init(key: String, `operator`: String, values: [String]? = nil) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    package var required: NodeSelector?

    package init(required: NodeSelector? = nil) {
        self.required = required
    }
}
