/// One WRITE reply.
package struct WriteResult: Hashable, Sendable {
    /// How many bytes the server took; it may be fewer than offered.
    package let count: Int
    package let isStable: Bool
    package let verifier: WriteVerifier

    package init(count: Int, isStable: Bool, verifier: WriteVerifier) {
        self.count = count
        self.isStable = isStable
        self.verifier = verifier
    }
}
