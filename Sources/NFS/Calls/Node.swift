/// A file or directory as one reply showed it.
package struct Node: Hashable, Sendable {
    package let handle: FileHandle
    package let attributes: Attributes
}

/// What a server calls a file by: opaque bytes that name the inode, not the path, and outlive connections, server
/// restarts and renames (RFC 1813 §2.3.3).
package struct FileHandle: Hashable, Sendable {
    /// NFS3_FHSIZE.
    static let maximumLength = 64

    package let bytes: [UInt8]

    /// `nil` unless `bytes` are 1…64.
    package init?(bytes: [UInt8]) {
        guard (1...Self.maximumLength).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }
}

/// A file as a reply shows it; servers may leave out either part, and then it is asked for.
package struct PartialNode: Hashable, Sendable {
    package let handle: FileHandle?
    package let attributes: Attributes?

    package init(handle: FileHandle?, attributes: Attributes?) {
        self.handle = handle
        self.attributes = attributes
    }
}
