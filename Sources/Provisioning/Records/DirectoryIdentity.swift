import NFS

/// What tells one directory from another that stands under the same name later.
///
/// The file id alone does not: ext4 gives the inode of a removed directory to the next one at once. The NFS handle holds
/// the inode's generation on the servers in use (the Linux kernel's, nfs-ganesha), so it differs then. A server may give
/// all handles anew, after a move to another machine for example; the root's handle tells, and the file id decides alone.
package struct DirectoryIdentity: Codable, Sendable, Hashable {
    /// The file system's id; it may change when a server restarts, and is kept for people who look into a mismatch.
    package var fsid: UInt64
    /// The file's id within its file system (`fileid3`, RFC 1813 §2.5): the inode on most servers.
    package var fileID: UInt64
    /// The directory's handle in hexadecimal; nil in records of earlier programs.
    package var handle: String?
    /// The export root's handle at that time, likewise.
    package var rootHandle: String?

    package init(_ attributes: Attributes) {
        fsid = attributes.fsid
        fileID = attributes.fileid
    }

    init(_ node: Node, below root: Node) {
        self.init(node.attributes)
        handle = node.handle.hexadecimal
        rootHandle = root.handle.hexadecimal
    }

    /// Whether a node is this directory.
    func isThat(of node: Node, below root: Node) -> Bool {
        isSame(as: DirectoryIdentity(node, below: root))
    }

    /// Whether both are of one directory, as far as both tell.
    func isSame(as other: DirectoryIdentity) -> Bool {
        guard fileID == other.fileID else { return false }
        guard let handle, let otherHandle = other.handle, rootHandle == other.rootHandle else { return true }
        return handle == otherHandle
    }
}

extension FileHandle {
    fileprivate var hexadecimal: String {
        String(decoding: bytes.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
