/// A file's attributes as the server gave them (fattr3, RFC 1813 §2.6).
package struct Attributes: Hashable, Sendable {
    package var type: FileType
    /// Permission bits with set-uid, set-gid and sticky: `0o7777` at most.
    package var mode: UInt32
    package var uid: UInt32
    package var gid: UInt32
    package var nlink: UInt32
    /// Length in bytes.
    package var size: UInt64
    /// Bytes on the disk.
    package var used: UInt64
    /// Which device a character or block device is; of other types it says nothing.
    package var device: DeviceNumber
    /// The file system the file is on; with ``fileid`` it identifies the file on its server.
    package var fsid: UInt64
    package var fileid: UInt64
    package var mtime: FileTime
    package var ctime: FileTime

    package init(
        type: FileType,
        mode: UInt32,
        uid: UInt32,
        gid: UInt32,
        nlink: UInt32,
        size: UInt64,
        used: UInt64,
        device: DeviceNumber = DeviceNumber(major: 0, minor: 0),
        fsid: UInt64,
        fileid: UInt64,
        mtime: FileTime,
        ctime: FileTime
    ) {
        self.type = type
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.nlink = nlink
        self.size = size
        self.used = used
        self.device = device
        self.fsid = fsid
        self.fileid = fileid
        self.mtime = mtime
        self.ctime = ctime
    }
}
