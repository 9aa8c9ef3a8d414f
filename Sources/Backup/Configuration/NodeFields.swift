import Yams

/// The known fields of a mapping.
struct NodeFields {
    /// The mapping.
    let node: Node
    /// What it is, for people.
    let what: String
    let fields: [String: Node]

    subscript(key: String) -> Node? { fields[key] }
}
