import CLibNFS

/// The attributes to set; `nil` leaves an attribute unchanged.
package struct AttributeChanges: Hashable, Sendable {
    package var mode: UInt32?
    package var uid: UInt32?
    package var gid: UInt32?
    /// Length in bytes: a longer file is truncated, a shorter one is extended with zeros.
    package var size: UInt64?
    package var mtime: FileTime?

    package init(
        mode: UInt32? = nil,
        uid: UInt32? = nil,
        gid: UInt32? = nil,
        size: UInt64? = nil,
        mtime: FileTime? = nil
    ) {
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.size = size
        self.mtime = mtime
    }
}

extension sattr3 {
    init(_ changes: AttributeChanges) {
        self.init()
        if let mode = changes.mode {
            self.mode.set_it = 1
            self.mode.set_mode3_u.mode = mode & 0o7777
        }
        if let uid = changes.uid {
            self.uid.set_it = 1
            self.uid.set_uid3_u.uid = uid
        }
        if let gid = changes.gid {
            self.gid.set_it = 1
            self.gid.set_gid3_u.gid = gid
        }
        if let size = changes.size {
            self.size.set_it = 1
            self.size.set_size3_u.size = size
        }
        if let mtime = changes.mtime {
            self.mtime.set_it = SET_TO_CLIENT_TIME
            self.mtime.set_mtime_u.mtime = nfstime3(seconds: mtime.seconds, nseconds: mtime.nanoseconds)
        }
    }
}
