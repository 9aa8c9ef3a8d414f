/// Changes when a server restarts: bytes written under another verifier may be lost and must be written again.
package struct WriteVerifier: Hashable, Sendable {
    let value: UInt64
}
