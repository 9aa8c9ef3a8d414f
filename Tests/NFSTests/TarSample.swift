import Tar

@testable import NFS

/// Parts of tar archives made by hand.
enum TarSample {
    static func attributes(_ type: FileType = .regular, mode: UInt32 = 0o644, size: Int = 0) -> Attributes {
        let time = FileTime(seconds: 1_234_567_890, nanoseconds: 987_654_321)
        return Attributes(
            type: type,
            mode: mode,
            uid: 0,
            gid: 0,
            nlink: 1,
            size: UInt64(size),
            used: 0,
            fsid: 0,
            fileid: 0,
            mtime: time,
            ctime: time
        )
    }

    static func file(_ path: String, _ content: [UInt8] = Array("text".utf8)) -> [UInt8] {
        TarHeader(.file, path: Array(path.utf8), attributes: attributes(size: content.count)).blocks + content
            + TarHeader.padding(after: UInt64(content.count))
    }

    static func directory(_ path: String) -> [UInt8] {
        TarHeader(.directory, path: Array(path.utf8), attributes: attributes(.directory, mode: 0o755)).blocks
    }

    static func link(_ path: String, to target: String, _ kind: TarHeader.Kind = .symbolicLink) -> [UInt8] {
        let type: FileType = kind == .symbolicLink ? .symbolicLink : .regular
        return TarHeader(kind, path: Array(path.utf8), target: Array(target.utf8), attributes: attributes(type)).blocks
    }

    static let end = [UInt8](repeating: 0, count: 1024)

    /// An archive of every kind of entry and header.
    static let archive = Array(
        [
            directory("./"), directory("./a/"), file("./a/file", pattern(1000)),
            file("./" + String(repeating: "long", count: 60)), link("./link", to: "a/file"),
            link("./hard", to: "./a/file", .hardLink), file("./empty", []),
            TarHeader(.fifo, path: Array("./fifo".utf8), attributes: attributes(.fifo)).blocks, end,
        ].joined()
    )
}
