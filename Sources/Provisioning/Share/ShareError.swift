import NFS

/// Why something on a share was not done, in one sentence for events and logs.
package struct ShareError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
