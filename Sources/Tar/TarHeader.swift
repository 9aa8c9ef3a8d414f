import Presentation

/// One entry's header in a tar archive: POSIX ustar, preceded by a pax extended header for what does not fit into ustar
/// (POSIX.1-2017, pax, “pax Interchange Format”).
package struct TarHeader: Hashable, Sendable {
    /// What the entry is; the raw values are ustar's typeflag.
    package enum Kind: UInt8, Sendable {
        case file = 0x30
        case hardLink = 0x31
        case symbolicLink = 0x32
        case characterDevice = 0x33
        case blockDevice = 0x34
        case directory = 0x35
        case fifo = 0x36
        case extended = 0x78
    }

    package static let blockSize = 512
    /// The largest number in eleven octal digits, and in seven.
    private static let longest: UInt64 = 0o77_777_777_777
    private static let short: UInt64 = 0o7_777_777

    package let kind: Kind
    /// The path in the archive, in bytes: relative; a directory's ends with a slash.
    package let path: [UInt8]
    /// The target of a symbolic link, or the path of the file that a hard link refers to.
    package let target: [UInt8]
    package let metadata: TarMetadata

    package init(_ kind: Kind, path: [UInt8], target: [UInt8] = [], metadata: TarMetadata) {
        self.kind = kind
        self.path = path
        self.target = target
        self.metadata = metadata
    }

    /// How many bytes of content follow.
    package var size: UInt64 { kind == .file ? metadata.size : 0 }

    /// The header's blocks.
    package var blocks: [UInt8] {
        let records = records
        let ustar = block(kind, path: path, size: size)
        guard !records.isEmpty else { return ustar }
        let name = Array("././@PaxHeader".utf8)
        return block(.extended, path: name, size: UInt64(records.count)) + records
            + Self.padding(after: UInt64(records.count)) + ustar
    }

    /// The zeros that pad `count` bytes to the end of their last block.
    package static func padding(after count: UInt64) -> [UInt8] {
        [UInt8](repeating: 0, count: Int(paddingCount(after: count)))
    }

    static func paddingCount(after count: UInt64) -> UInt64 {
        (UInt64(blockSize) - count % UInt64(blockSize)) % UInt64(blockSize)
    }

    // MARK: pax

    private var records: [UInt8] {
        var records: [UInt8] = []
        let names = [path, target]
        if names.contains(where: { String(validating: $0, as: UTF8.self) == nil }) {
            records += Self.record("hdrcharset", Array("BINARY".utf8))
        }
        if !fits(path) { records += Self.record("path", path) }
        if !fits(target) { records += Self.record("linkpath", target) }
        if size > Self.longest { records += Self.record("size", size) }
        if metadata.uid > Self.short { records += Self.record("uid", UInt64(metadata.uid)) }
        if metadata.gid > Self.short { records += Self.record("gid", UInt64(metadata.gid)) }
        if metadata.mtime.nanoseconds > 0 {
            let fraction = String(1_000_000_000 + UInt64(metadata.mtime.nanoseconds)).dropFirst()
            records += Self.record("mtime", Array("\(metadata.mtime.seconds).\(fraction)".utf8))
        }
        return records
    }

    private func fits(_ name: [UInt8]) -> Bool { name.count <= 100 && name.allSatisfy { $0 < 0x80 } }

    private static func record(_ key: String, _ value: UInt64) -> [UInt8] { record(key, Array("\(value)".utf8)) }

    /// `length key=value` and a newline, where the length counts its own digits.
    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value + [0x0A]
        var length = rest.count
        while "\(length)".utf8.count + rest.count != length { length = "\(length)".utf8.count + rest.count }
        return Array("\(length)".utf8) + rest
    }

    // MARK: ustar

    private func block(_ kind: Kind, path: [UInt8], size: UInt64) -> [UInt8] {
        let device = kind == .characterDevice || kind == .blockDevice ? metadata.device : nil
        var block: [UInt8] = []
        func field(_ bytes: some Collection<UInt8>, _ width: Int) {
            block += bytes.prefix(width)
            block += repeatElement(0, count: width - min(bytes.count, width))
        }
        func number(_ value: UInt64, _ width: Int) {
            let most: UInt64 = 1 << (3 * UInt64(width - 1)) - 1
            let digits = String(min(value, most), radix: 8)
            field(Array((String(repeating: "0", count: width - 1 - digits.utf8.count) + digits).utf8), width)
        }
        field(path, 100)
        number(UInt64(metadata.mode), 8)
        number(UInt64(metadata.uid), 8)
        number(UInt64(metadata.gid), 8)
        number(size, 12)
        number(UInt64(metadata.mtime.seconds), 12)
        let checksum = block.count
        field(repeatElement(0x20, count: 8), 8)
        field([kind.rawValue], 1)
        field(kind == .extended ? [] : target, 100)
        field(Array("ustar\u{0}00".utf8), 8)
        field([], 64)
        number(UInt64(device?.major ?? 0), 8)
        number(UInt64(device?.minor ?? 0), 8)
        field([], Self.blockSize - block.count)
        let sum = String(block.reduce(UInt64(0)) { $0 + UInt64($1) }, radix: 8)
        let digits = String(repeating: "0", count: 6 - sum.utf8.count) + sum + "\u{0} "
        block.replaceSubrange(checksum..<checksum + 8, with: Array(digits.utf8))
        return block
    }
}

/// The metadata of an entry, besides its path and contents.
package struct TarMetadata: Hashable, Sendable {
    /// A time since 1970, UTC.
    package struct Time: Hashable, Sendable {
        package var seconds: UInt32
        package var nanoseconds: UInt32

        package init(seconds: UInt32, nanoseconds: UInt32 = 0) {
            (self.seconds, self.nanoseconds) = (seconds, nanoseconds)
        }
    }

    /// The device number of a special file.
    package struct Device: Hashable, Sendable {
        package var major: UInt32
        package var minor: UInt32

        package init(major: UInt32, minor: UInt32) {
            (self.major, self.minor) = (major, minor)
        }
    }

    /// Permission bits with set-uid, set-gid and sticky: `0o7777` at most.
    package var mode: UInt32
    package var uid: UInt32
    package var gid: UInt32
    /// The contents' length in bytes.
    package var size: UInt64
    package var mtime: Time
    /// Meaningful for devices only.
    package var device: Device

    package init(
        mode: UInt32,
        uid: UInt32,
        gid: UInt32,
        size: UInt64,
        mtime: Time,
        device: Device = Device(major: 0, minor: 0)
    ) {
        (self.mode, self.uid, self.gid, self.size) = (mode, uid, gid, size)
        (self.mtime, self.device) = (mtime, device)
    }
}

/// An error in a tar archive, described in one sentence.
package struct TarError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    /// Creates an error about one entry.
    package init(_ path: [UInt8], _ reason: String) {
        description = "the archive's entry \(printable(path)) cannot be unpacked: \(reason)"
    }
}
