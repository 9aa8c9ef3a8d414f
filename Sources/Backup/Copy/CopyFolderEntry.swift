import NFS

/// What a ``CopyFolder`` holds: a file or a folder.
struct CopyFolderEntry: Hashable, Sendable {
    let name: NFSName
    let isFolder: Bool
    /// Seconds since 1970.
    let modifiedAt: Int64
}
