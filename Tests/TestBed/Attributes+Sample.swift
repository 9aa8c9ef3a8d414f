import NFS

extension Attributes {
    /// Those of some empty directory of root's.
    package static let sample = Attributes(
        type: .directory,
        mode: 0o755,
        uid: 0,
        gid: 0,
        nlink: 2,
        size: 0,
        used: 0,
        fsid: 1,
        fileid: 1,
        mtime: FileTime(seconds: 0, nanoseconds: 0),
        ctime: FileTime(seconds: 0, nanoseconds: 0)
    )
}
