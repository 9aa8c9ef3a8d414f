/// A successful reply to an ``NFSv3Request``, as a value.
package enum NFSv3Answer: Hashable, Sendable {
    /// The reply to SETATTR, REMOVE, RMDIR, RENAME and LINK, which carries no value.
    case done
    case root(MountedRoot)
    case attributes(Attributes)
    case node(PartialNode)
    case target([UInt8])
    case chunk(FileChunk)
    case written(WriteResult)
    case committed(WriteVerifier)
    case page(DirectoryPage)
    case statistics(FileSystemStatistics)
}

/// The value of a reply to a call of an ``Export``.
protocol NFSv3Value: Sendable {
    /// - Returns: `nil` if the answer is one to another call.
    init?(_ answer: NFSv3Answer)
}

/// A reply that carries no value beyond success.
struct Done: NFSv3Value {
    init() {}

    init?(_ answer: NFSv3Answer) {
        guard case .done = answer else { return nil }
    }
}

extension MountedRoot: NFSv3Value {
    init?(_ answer: NFSv3Answer) {
        guard case .root(let value) = answer else { return nil }
        self = value
    }
}

extension Attributes: NFSv3Value {
    init?(_ answer: NFSv3Answer) {
        guard case .attributes(let value) = answer else { return nil }
        self = value
    }
}

extension PartialNode: NFSv3Value {
    init?(_ answer: NFSv3Answer) {
        guard case .node(let value) = answer else { return nil }
        self = value
    }
}

extension [UInt8]: NFSv3Value {
    init?(_ answer: NFSv3Answer) {
        guard case .target(let value) = answer else { return nil }
        self = value
    }
}

extension FileChunk: NFSv3Value {
    init?(_ answer: NFSv3Answer) {
        guard case .chunk(let value) = answer else { return nil }
        self = value
    }
}

extension WriteResult: NFSv3Value {
    init?(_ answer: NFSv3Answer) {
        guard case .written(let value) = answer else { return nil }
        self = value
    }
}

extension WriteVerifier: NFSv3Value {
    init?(_ answer: NFSv3Answer) {
        guard case .committed(let value) = answer else { return nil }
        self = value
    }
}

extension DirectoryPage: NFSv3Value {
    init?(_ answer: NFSv3Answer) {
        guard case .page(let value) = answer else { return nil }
        self = value
    }
}

extension FileSystemStatistics: NFSv3Value {
    init?(_ answer: NFSv3Answer) {
        guard case .statistics(let value) = answer else { return nil }
        self = value
    }
}

/// One READ reply.
package struct FileChunk: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Whether the file ends here.
    package let isLast: Bool

    package init(bytes: [UInt8], isLast: Bool) {
        self.bytes = bytes
        self.isLast = isLast
    }
}

/// One WRITE reply.
package struct WriteResult: Hashable, Sendable {
    /// The number of bytes that the server accepted; it may be fewer than offered.
    package let count: Int
    package let isStable: Bool
    package let verifier: WriteVerifier

    package init(count: Int, isStable: Bool, verifier: WriteVerifier) {
        self.count = count
        self.isStable = isStable
        self.verifier = verifier
    }
}

/// How durable written bytes must be before the server replies (stable_how, RFC 1813 §3.3.7).
package enum WriteStability: Hashable, Sendable {
    /// They may still be in the server's memory; ``Export/commit(_:)`` flushes them to its disk.
    case unstable
    /// They are on the server's disk.
    case stable
}

/// A value that changes when a server restarts: bytes written under another verifier may be lost and must be rewritten.
package struct WriteVerifier: Hashable, Sendable {
    package let value: UInt64

    package init(value: UInt64) { self.value = value }
}
