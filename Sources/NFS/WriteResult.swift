/// One WRITE reply.
package struct WriteResult: Hashable, Sendable {
    /// How many bytes the server took; it may be fewer than offered.
    package let count: Int
    package let isStable: Bool
    package let verifier: WriteVerifier
}
