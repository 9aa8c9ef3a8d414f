import NFS
import Presentation

/// What tells one directory from another that stands under the same name later.
///
/// The file id alone does not: ext4 gives the inode of a removed directory to the next one at once. The NFS handle holds
/// the inode's generation on the servers in use (the Linux kernel's, nfs-ganesha), so it differs then. A server may give
/// all handles anew, after a move to another machine for example: then the controller's folder has another handle too, and
/// the file id decides alone. (The export's root is no witness: on the Linux kernel's server its handle holds no inode.)
package struct DirectoryIdentity: Codable, Sendable, Hashable {
    /// The file system's id; it may change when a server restarts, and is kept for people who look into a mismatch.
    package var fsid: UInt64
    /// The file's id within its file system (`fileid3`, RFC 1813 §2.5): the inode on most servers.
    package var fileID: UInt64
    /// The directory's handle in hexadecimal; nil in records of earlier programs.
    package var handle: String?
    /// The handle of the controller's folder at that time, likewise.
    package var folderHandle: String?

    package init(_ attributes: Attributes) {
        fsid = attributes.fsid
        fileID = attributes.fileid
    }

    /// - Parameters:
    ///   - node: The directory.
    ///   - witness: The handle of the controller's folder.
    init(_ node: Node, witness: FileHandle) {
        self.init(node.attributes)
        handle = node.handle.bytes.hexadecimal
        folderHandle = witness.bytes.hexadecimal
    }

    /// Whether both are of one directory, as far as both tell.
    func isSame(as other: DirectoryIdentity) -> Bool {
        guard fileID == other.fileID else { return false }
        guard let handle, let otherHandle = other.handle, folderHandle == other.folderHandle else { return true }
        return handle == otherHandle
    }
}
