import NFS

/// What tells one directory from another that stands under the same name later.
package struct DirectoryIdentity: Codable, Sendable, Hashable {
    /// The file system's id; it may change when a server restarts, and is kept for people who look into a mismatch.
    package var fsid: UInt64
    /// The file's id within its file system (`fileid3`, RFC 1813 §2.5): the inode on most servers.
    package var fileID: UInt64

    package init(_ attributes: Attributes) {
        fsid = attributes.fsid
        fileID = attributes.fileid
    }
}
