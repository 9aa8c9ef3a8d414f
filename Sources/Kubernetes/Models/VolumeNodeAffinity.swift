/// From which nodes a volume can be reached.
package struct VolumeNodeAffinity: Codable, Hashable, Sendable {
    /// Any of its terms is enough.
    package struct NodeSelector: Codable, Hashable, Sendable {
        package var nodeSelectorTerms: [Term]

        package init(nodeSelectorTerms: [Term]) {
            self.nodeSelectorTerms = nodeSelectorTerms
        }
    }

    /// All of its expressions have to hold.
    package struct Term: Codable, Hashable, Sendable {
        package var matchExpressions: [Requirement]?

        package init(matchExpressions: [Requirement]? = nil) {
            self.matchExpressions = matchExpressions
        }
    }

    /// A label and what holds of its value.
    package struct Requirement: Codable, Hashable, Sendable {
        package var key: String
        /// Such as `In`.
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
