/// One READ reply.
package struct FileChunk: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Whether the file ends here.
    package let isLast: Bool
}

/// How safe written bytes must be before the server answers (stable_how, RFC 1813 §3.3.7).
package enum WriteStability: Hashable, Sendable {
    /// They may be in the server's memory; ``Export/commit(_:)`` puts them on its disk.
    case unstable
    /// They are on the server's disk.
    case stable
}

/// One WRITE reply.
package struct WriteResult: Hashable, Sendable {
    /// How many bytes the server took; it may be fewer than offered.
    package let count: Int
    package let isStable: Bool
    package let verifier: WriteVerifier
}

/// Changes when a server restarts: bytes written under another verifier may be lost and must be written again.
package struct WriteVerifier: Hashable, Sendable {
    let value: UInt64
}
