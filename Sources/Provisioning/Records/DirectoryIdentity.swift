import NFS
import Presentation

/// Identity that distinguishes a directory from a later one of the same name.
///
/// The file id alone does not: ext4 gives the inode of a removed directory to the next one immediately. The NFS handle
/// contains the inode's generation on the servers in use (the Linux kernel's, nfs-ganesha), so it differs then. A
/// server may issue new handles for everything, for example after a move to another machine: then the controller's
/// folder has another handle too, and the file id alone decides. (The export's root is no witness: on the Linux
/// kernel's server its handle contains no inode.)
package struct DirectoryIdentity: Codable, Sendable, Hashable {
    /// The file system's id; it may change when a server restarts, and is kept for people who look into a mismatch.
    package var fsid: UInt64
    /// The file's id within its file system (`fileid3`, RFC 1813 §2.5): the inode on most servers.
    package var fileID: UInt64
    /// The directory's handle in hexadecimal; nil in records of earlier programs.
    package var handle: String?
    /// The handle of the controller's folder at that time.
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

    /// Whether both identify the same directory, as far as both tell.
    func isSame(as other: DirectoryIdentity) -> Bool {
        guard fileID == other.fileID else { return false }
        guard let handle, let otherHandle = other.handle, folderHandle == other.folderHandle else { return true }
        return handle == otherHandle
    }
}
