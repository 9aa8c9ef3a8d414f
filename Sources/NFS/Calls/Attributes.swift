/// A file's attributes as the server gave them (fattr3, RFC 1813 §2.5).
package struct Attributes: Hashable, Sendable {
    package var type: FileType
    /// Permission bits with set-uid, set-gid and sticky: `0o7777` at most.
    package var mode: UInt32
    package var uid: UInt32
    package var gid: UInt32
    package var nlink: UInt32
    /// Length in bytes.
    package var size: UInt64
    /// Bytes used on disk.
    package var used: UInt64
    /// The device number of a character or block device; meaningless for other types.
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

/// The device number of a special file (specdata3, RFC 1813 §2.5).
package struct DeviceNumber: Hashable, Sendable {
    package var major: UInt32
    package var minor: UInt32

    package init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }
}

/// A time on the server's clock, counted from 1970, UTC.
package struct FileTime: Hashable, Sendable, Comparable {
    package var seconds: UInt32
    package var nanoseconds: UInt32

    package init(seconds: UInt32, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: FileTime, right: FileTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

/// The kind of a file; the raw values are ftype3's.
package enum FileType: UInt32, Hashable, Sendable, CustomStringConvertible {
    case unknown = 0
    case regular = 1
    case directory = 2
    case blockDevice = 3
    case characterDevice = 4
    case symbolicLink = 5
    case socket = 6
    case fifo = 7

    package var description: String {
        switch self {
        case .unknown: "file of unknown type"
        case .regular: "file"
        case .directory: "directory"
        case .blockDevice: "block device"
        case .characterDevice: "character device"
        case .symbolicLink: "symbolic link"
        case .socket: "socket"
        case .fifo: "FIFO"
        }
    }
}
