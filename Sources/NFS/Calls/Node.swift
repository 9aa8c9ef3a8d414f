/// A file or directory as one reply showed it.
package struct Node: Hashable, Sendable {
    package let handle: FileHandle
    package let attributes: Attributes
}

/// A server's identifier of a file: opaque bytes that name the inode, not the path, and outlive connections, server
/// restarts and renames (RFC 1813 §2.5).
package struct FileHandle: Hashable, Sendable {
    /// NFS3_FHSIZE.
    static let maximumLength = 64

    package let bytes: [UInt8]

    /// `nil` unless there are 1…64 `bytes`.
    package init?(bytes: [UInt8]) {
        guard (1...Self.maximumLength).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }
}

/// A file as a reply describes it. Servers may omit either part; the client then asks for it.
package struct PartialNode: Hashable, Sendable {
    package let handle: FileHandle?
    package let attributes: Attributes?

    package init(handle: FileHandle?, attributes: Attributes?) {
        self.handle = handle
        self.attributes = attributes
    }
}
