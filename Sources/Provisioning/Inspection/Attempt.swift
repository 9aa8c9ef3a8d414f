import NFS

/// What came of one thing that was tried on an export.
package enum Attempt: Hashable, Sendable {
    /// Something before it failed, so there was nothing to try it on.
    case notMade
    case succeeded
    case failed(NFSError)
}
