import Yams

/// A part of a section of the configuration file.
struct SectionPart {
    /// What it is called, such as `retention.rules[0]`.
    let name: String
    let node: Node
    /// Where it begins, with its key if it has one; from 1.
    let line: Int?

    /// A whole section, or an element of a list.
    init(name: String, node: Node) {
        (self.name, self.node, line) = (name, node, node.mark?.line)
    }

    /// What stands under a key of a mapping.
    init(key: Node, name: String, node: Node, in mapping: SectionPart) {
        (self.name, self.node, line) = ("\(mapping.name).\(name)", node, key.mark?.line)
    }
}
