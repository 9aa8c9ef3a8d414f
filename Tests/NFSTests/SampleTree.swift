import Foundation
import Glibc

// Trees that tests make in the server's folder.

/// Writes a file with a mode, an owner and a modification time of its own.
func write(
    _ bytes: [UInt8],
    to file: String,
    mode: mode_t = 0o644,
    owner: uid_t = 0,
    seconds: Int = 1_234_567_890
) {
    let descriptor = open(file, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    fchown(descriptor, owner, owner)
    fchmod(descriptor, mode)
    setTime(file, seconds: seconds, nanoseconds: 987_654_321)
    close(descriptor)
}

/// Sets a modification time, of a symbolic link its own.
func setTime(_ file: String, seconds: Int, nanoseconds: Int) {
    let time = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
    _ = [time, time].withUnsafeBufferPointer { utimensat(AT_FDCWD, file, $0.baseAddress, AT_SYMLINK_NOFOLLOW) }
}

/// What makedev(3) does, which is a macro.
func deviceNumber(_ major: dev_t, _ minor: dev_t) -> dev_t {
    (major & 0xFFF) << 8 | minor & 0xFF | (minor & ~0xFF) << 12
}

/// Bytes that differ from place to place.
func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

/// Makes a tree of all that a share may hold, as someone would make it who wants to make it hard to copy.
func makeHostileTree(_ folder: URL) throws {
    let files = FileManager.default
    try files.createDirectory(at: folder.appending(path: "a/b/c"), withIntermediateDirectories: true)
    for (level, way) in [(".", ".."), ("a", "../.."), ("a/b", "../../.."), ("a/b/c", "/")] {
        let path = folder.appending(path: level).path()
        symlink(way, "\(path)/out")
        symlink("\(way)/etc/passwd", "\(path)/out-file")
        symlink("nowhere", "\(path)/dangling")
        mkfifo("\(path)/fifo", 0o620)
        mknod("\(path)/socket", S_IFSOCK | 0o660, 0)
    }
    let path = folder.path()
    lchown("\(path)/out", 77, 88)
    setTime("\(path)/out", seconds: 999_999_999, nanoseconds: 1)
    symlink(String(repeating: "t", count: 1000), "\(path)/long-link")
    symlink(TreeOnDisk.terminated([0xC3, 0x28, 0xFF]), "\(path)/bytes-link")
    mknod("\(path)/null", S_IFCHR | 0o666, deviceNumber(1, 3))
    mknod("\(path)/disk", S_IFBLK | 0o600, deviceNumber(259, 70_000))
    chown("\(path)/fifo", 12, 34)
    write(Array("text".utf8), to: "\(path)/text")
    write([], to: "\(path)/empty", seconds: 5)
    write(pattern(1000), to: "\(path)/secret", mode: 0, owner: 4711)
    write(pattern(10), to: "\(path)/set-uid", mode: 0o6755, owner: 4711)
    write(pattern(300_000), to: "\(path)/a/large", mode: 0o4711, owner: 1000)
    write([UInt8](repeating: 0, count: 200_000), to: "\(path)/a/zeros")
    write(pattern(70_000) + [UInt8](repeating: 0, count: 150_000), to: "\(path)/a/ends-in-zeros")
    write([UInt8](repeating: 0, count: 65_536) + pattern(65_537), to: "\(path)/a/begins-with-zeros")
    write(pattern(65_536), to: "\(path)/a/one-chunk")
    write(pattern(100_000), to: "\(path)/a/b/linked")
    link("\(path)/a/b/linked", "\(path)/linked-too")
    link("\(path)/a/b/linked", "\(path)/a/linked-again")
    link("\(path)/a/out", "\(path)/linked-link")
    create([0xC3, 0x28, 0x0A, 0xFF], in: folder)
    create(Array(repeating: 0x78, count: 255), in: folder.appending(path: "a"))
    create(Array("ümläut ✓".utf8), in: folder)
    for (directory, mode) in [("a/b/c", mode_t(0)), ("a/b", 0o2775), ("a", 0o1777), (".", 0o751)] {
        let path = folder.appending(path: directory).path()
        chown(path, 1001, 1002)
        chmod(path, mode)
        setTime(path, seconds: 1_000_000_000 + Int(mode), nanoseconds: 123_456_789)
    }
}

/// Makes a tree of 2,000 files in 41 directories.
func makeWideTree(_ folder: URL) async throws {
    for directory in 0..<40 {
        try await create((0..<45).map { "file-\($0)" }, in: folder.appending(path: "\(directory % 8)/\(directory)"))
        for file in 0..<5 {
            let path = folder.appending(path: "\(directory % 8)/\(directory)/full-\(file)").path()
            write(pattern(directory * 1500 + file), to: path, owner: uid_t(directory))
        }
    }
}

/// Makes a hostile tree with names and numbers besides that do not fit into a tar archive's own fields.
///
/// - Returns: What an archive of it holds: all but sockets.
func makeTreeToArchive(_ tree: URL) throws -> TreeOnDisk {
    try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: false)
    try makeHostileTree(tree)
    let long = tree.appending(path: String(repeating: "long", count: 60))
    try FileManager.default.createDirectory(at: long, withIntermediateDirectories: false)
    write(pattern(9), to: long.appending(path: "owned-by-a-large-number").path(), owner: 3_000_000)
    link(tree.appending(path: "text").path(), long.appending(path: "linked").path())
    var expected = try TreeOnDisk(tree)
    expected.removeSockets()
    return expected
}
