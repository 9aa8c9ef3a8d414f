import Foundation
import Glibc

/// A tree of the server's folder as it is there: what tests compare. Hard links show as the first path of their file.
struct TreeOnDisk: Equatable {
    struct Entry: Equatable {
        var mode: mode_t
        var uid: uid_t
        var gid: gid_t
        var size: off_t
        var seconds: Int
        var nanoseconds: Int
        var device: dev_t
        /// A file's bytes, a symbolic link's target.
        var content: [UInt8]
        var firstPath: [UInt8]
    }

    var entries: [[UInt8]: Entry] = [:]
    private var firstPaths: [ino_t: [UInt8]] = [:]

    /// Reads a tree without following symbolic links. Paths are bytes below `folder`, `.` is itself.
    init(_ folder: URL) throws {
        try add(Array(folder.path().utf8), path: Array(".".utf8))
    }

    /// Has the times as a server keeps them that is not exact.
    mutating func roundTimes(to seconds: Int) {
        entries = entries.mapValues { entry in
            var entry = entry
            (entry.seconds, entry.nanoseconds) = (entry.seconds / seconds * seconds, 0)
            return entry
        }
    }

    /// Forgets what an archive cannot hold.
    mutating func removeSockets() {
        entries = entries.filter { $0.value.mode & S_IFMT != S_IFSOCK }
    }

    /// The paths at which two trees differ, for people.
    func differences(from other: TreeOnDisk) -> [String] {
        Set(entries.keys).union(other.entries.keys).filter { entries[$0] != other.entries[$0] }
            .map { path in
                let name = String(decoding: path, as: UTF8.self)
                return "\(name): \(summary(path)) / \(other.summary(path))"
            }
            .sorted()
    }

    private func summary(_ path: [UInt8]) -> String {
        guard let entry = entries[path] else { return "nothing" }
        return """
            mode \(String(entry.mode, radix: 8)) owner \(entry.uid):\(entry.gid) size \(entry.size) \
            time \(entry.seconds).\(entry.nanoseconds) device \(entry.device) bytes \(entry.content.hashValue) \
            as \(String(decoding: entry.firstPath, as: UTF8.self))
            """
    }

    private mutating func add(_ file: [UInt8], path: [UInt8]) throws {
        var status = stat()
        guard lstat(Self.terminated(file), &status) == 0 else { throw ServerFailure(description: "lstat: \(errno)") }
        let type = status.st_mode & S_IFMT
        let isDevice = type == S_IFCHR || type == S_IFBLK
        let firstPath = type == S_IFDIR ? path : firstPaths[status.st_ino, default: path]
        if type != S_IFDIR, status.st_nlink > 1 { firstPaths[status.st_ino] = firstPath }
        entries[path] = Entry(
            mode: status.st_mode,
            uid: status.st_uid,
            gid: status.st_gid,
            size: type == S_IFDIR ? 0 : status.st_size,
            // nfs-ganesha does not set a symbolic link's.
            seconds: type == S_IFLNK ? 0 : status.st_mtim.tv_sec,
            nanoseconds: type == S_IFLNK ? 0 : status.st_mtim.tv_nsec,
            device: isDevice ? status.st_rdev : 0,
            content: type == S_IFREG ? try Self.bytes(of: file) : type == S_IFLNK ? Self.target(of: file) : [],
            firstPath: firstPath
        )
        guard type == S_IFDIR else { return }
        for name in try Self.names(in: file) { try add(file + [0x2F] + name, path: path + [0x2F] + name) }
    }

    private static func names(in folder: [UInt8]) throws -> [[UInt8]] {
        guard let listing = opendir(terminated(folder)) else { throw ServerFailure(description: "opendir: \(errno)") }
        defer { closedir(listing) }
        var names: [[UInt8]] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func bytes(of file: [UInt8]) throws -> [UInt8] {
        let descriptor = open(terminated(file), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw ServerFailure(description: "open: \(errno)") }
        defer { close(descriptor) }
        var status = stat()
        fstat(descriptor, &status)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        return count == bytes.count ? bytes : Array(bytes.prefix(max(count, 0)))
    }

    private static func target(of link: [UInt8]) -> [UInt8] {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink(terminated(link), &bytes, bytes.count)
        return bytes.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
    }

    static func terminated(_ path: [UInt8]) -> [CChar] { (path + [0]).map { CChar(bitPattern: $0) } }
}
