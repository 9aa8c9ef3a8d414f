import NFS

/// A file of any type on a ``SimulatedFileSystem``.
package struct Inode: Sendable {
    package struct Entry: Sendable {
        package var name: [UInt8]
        package var inode: Int
        var cookie: UInt64
    }

    package var type: FileType
    /// Tells the file apart from an earlier one that had the same number.
    var generation: UInt64
    package var mode: UInt32
    package var uid: UInt32 = 0
    package var gid: UInt32 = 0
    package var nlink: UInt32 = 1
    var mtime: UInt64
    var ctime: UInt64
    /// Of a regular file, or the target of a symbolic link.
    package var bytes: [UInt8] = []
    var device = DeviceNumber(major: 0, minor: 0)
    /// Of a directory, in the order in which they are listed.
    package var entries: [Entry] = []
    var lastCookie: UInt64 = 2
    /// Of a directory: the one that it lies in.
    var parent = 0

    func index(of name: [UInt8]) -> Int? { entries.firstIndex { $0.name == name } }

    package subscript(name: [UInt8]) -> Int? { entries.first { $0.name == name }?.inode }

    mutating func add(_ name: [UInt8], _ inode: Int) {
        lastCookie += 1
        entries.append(Entry(name: name, inode: inode, cookie: lastCookie))
    }

    /// Blocks of 4 KiB on the disk.
    var blocks: Int { type == .directory ? 1 : (bytes.count + 4095) / 4096 }

    /// Everything but the times, which would tell apart histories that differ in nothing else.
    func hash(_ number: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(number)
        hasher.combine(type)
        hasher.combine(mode)
        hasher.combine(uid)
        hasher.combine(gid)
        hasher.combine(nlink)
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        for entry in entries {
            entry.name.withUnsafeBytes { hasher.combine(bytes: $0) }
            hasher.combine(entry.inode)
        }
        return hasher.finalize()
    }
}
