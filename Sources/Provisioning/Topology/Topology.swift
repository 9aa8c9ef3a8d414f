import Kubernetes

/// Set of nodes that can reach an export: those whose labels satisfy one of the terms (C8: topologies are honoured).
package struct Topology: Sendable, Hashable {
    /// Labels and their possible values; a node must match all labels.
    package typealias Term = [String: Set<String>]

    package let terms: [Term]

    package init(terms: [Term]) {
        self.terms = terms
    }

    /// The nodes that are also within a class's `allowedTopologies`.
    ///
    /// - Returns: nil if no node can be in both.
    package func narrowed(to allowed: [TopologySelectorTerm]) -> Topology? {
        let allowed = allowed.map { term in
            (term.matchLabelExpressions ?? []).reduce(into: Term()) { values, requirement in
                let new = Set(requirement.values)
                values[requirement.key] = values[requirement.key]?.intersection(new) ?? new
            }
        }
        guard !allowed.isEmpty else { return self }
        let terms = terms.flatMap { own in
            allowed.compactMap { other -> Term? in
                let both = own.merging(other) { $0.intersection($1) }
                return both.values.contains(where: \.isEmpty) ? nil : both
            }
        }
        return terms.isEmpty ? nil : Topology(terms: terms)
    }

    /// Whether a node with these labels can reach the export.
    package func admits(_ labels: [String: String]) -> Bool {
        terms.contains { term in
            term.allSatisfy { key, values in labels[key].map(values.contains) ?? false }
        }
    }

    /// The node affinity of volumes on the export.
    package var nodeAffinity: VolumeNodeAffinity {
        VolumeNodeAffinity(
            required: VolumeNodeAffinity.NodeSelector(
                nodeSelectorTerms: terms.map { term in
                    VolumeNodeAffinity.Term(
                        matchExpressions: term.sorted { $0.key < $1.key }.map { key, values in
                            VolumeNodeAffinity.Requirement(key: key, operator: "In", values: values.sorted())
                        }
                    )
                }
            )
        )
    }
}

extension Topology: CustomStringConvertible {
    /// For display: `topology.kubernetes.io/zone in (a, b)`.
    package var description: String {
        terms.map { term in
            term.sorted { $0.key < $1.key }.map { "\($0) in (\($1.sorted().joined(separator: ", ")))" }
                .joined(separator: " and ")
        }.joined(separator: ", or ")
    }
}
