/// Why a template gives no path (S2: a placeholder needs a value), or why a path is refused (S1: every component is
/// checked).
package struct PathError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
