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
