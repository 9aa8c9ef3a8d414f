/// Why no path comes out of a template, or why a path is refused (rules S1, S2).
package struct PathError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
