/// Changes when a server restarts: bytes written under another verifier may be lost and must be written again.
package struct WriteVerifier: Hashable, Sendable {
    package let value: UInt64

    package init(value: UInt64) { self.value = value }
}
