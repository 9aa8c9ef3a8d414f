import NFS

/// Failure of an operation on a share, in one sentence for events and logs.
package struct ShareError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
