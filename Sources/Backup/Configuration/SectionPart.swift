import Yams

/// A part of a section of the configuration file.
package struct SectionPart {
    /// What it is called, such as `retention.rules[0]`.
    package let name: String
    package let node: Node
    /// Where it begins, with its key if it has one; from 1.
    package let line: Int?

    /// A whole section, or an element of a list.
    package init(name: String, node: Node) {
        (self.name, self.node, line) = (name, node, node.mark?.line)
    }

    /// What stands under a key of a mapping.
    package init(key: Node, name: String, node: Node, in mapping: SectionPart) {
        (self.name, self.node, line) = ("\(mapping.name).\(name)", node, key.mark?.line)
    }
}
