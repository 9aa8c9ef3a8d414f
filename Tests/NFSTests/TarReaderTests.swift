import Tar
import Testing

@testable import NFS

@Suite("Reading a tar archive") struct TarReaderTests {
    private func parts(_ bytes: [UInt8], pieces size: Int = .max) throws(TarError) -> [TarReader.Part] {
        var reader = TarReader()
        var parts: [TarReader.Part] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            parts += try reader.read(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        try reader.finish()
        return parts
    }

    private func headers(_ bytes: [UInt8]) throws(TarError) -> [TarHeader] {
        try parts(bytes).compactMap { if case .entry(let header) = $0 { header } else { nil } }
    }

    @Test("A header is read as it was written")
    func roundTrip() throws {
        for (change, path): ((inout Attributes) -> Void, [UInt8]) in [
            ({ _ in }, Array("./a".utf8)),
            ({ $0.uid = .max }, Array("./ü✓".utf8)),
            ({ $0.gid = 3_000_000 }, [0x2E, 0x2F, 0xC3, 0x28, 0x0A, 0xFF]),
            ({ $0.mode = 0o7777 }, Array(repeating: 0x70, count: 3000)),
            ({ $0.mtime = FileTime(seconds: .max, nanoseconds: 999_999_999) }, Array(repeating: 0x70, count: 100)),
            ({ $0.mtime = FileTime(seconds: 0, nanoseconds: 1) }, Array(repeating: 0x70, count: 101)),
        ] {
            var attributes = TarSample.attributes()
            change(&attributes)
            attributes.ctime = attributes.mtime
            let header = TarHeader(.file, path: path, attributes: attributes)
            #expect(try headers(header.blocks + TarSample.end) == [header])
            let link = TarHeader(.hardLink, path: path, target: path, attributes: attributes)
            #expect(try headers(link.blocks + TarSample.end) == [link])
        }
        var device = TarSample.attributes(.blockDevice)
        device.device = DeviceNumber(major: 259, minor: 70_000)
        let header = TarHeader(.blockDevice, path: [0x61], attributes: device)
        #expect(try headers(header.blocks + TarSample.end) == [header])
    }

    @Test("A file of more than 8 GiB is as long as its pax record says")
    func large() throws {
        let header = TarHeader(.file, path: [0x61], attributes: TarSample.attributes(size: 1 << 43))
        var reader = TarReader()
        #expect(try reader.read(header.blocks) == [.entry(header)])
        let content = [UInt8](repeating: 7, count: 1000)
        #expect(try reader.read(content) == [.content(content[...])])
        #expect(throws: TarError.self) { try reader.finish() }
    }

    @Test("The result does not depend on how the archive is split into chunks", arguments: [1, 7, 511, 512, 513, 4096])
    func pieces(_ size: Int) throws {
        func joined(_ parts: [TarReader.Part]) -> [[UInt8]] {
            parts.reduce(into: []) { joined, part in
                switch part {
                case .entry(let header): joined += [header.path, header.target, []]
                case .content(let bytes): joined[joined.count - 1] += bytes
                }
            }
        }
        #expect(joined(try parts(TarSample.archive, pieces: size)) == joined(try parts(TarSample.archive)))
    }

    @Test("An archive truncated at any point is an error")
    func cutOff() throws {
        var reader = TarReader()
        for byte in TarSample.archive {
            #expect(throws: TarError.self) { try reader.finish() }
            _ = try reader.read([byte])
        }
        try reader.finish()
    }

    @Test("Neither changed nor random bytes crash the reader", arguments: 1...8)
    func mutations(_ seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<100 {
            var bytes = TarSample.archive
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                // With a checksum that fits, so that the fields themselves are looked at.
                let start = index / 512 * 512
                let block = Array(bytes[start..<start + 512])
                let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
                let digits = String(sum, radix: 8)
                let field = Array((String(repeating: "0", count: 6 - digits.utf8.count) + digits + "\0 ").utf8)
                if Bool.random(using: &random) { bytes.replaceSubrange(start + 148..<start + 156, with: field) }
            }
            guard let headers = try? headers(bytes) else { continue }
            for header in headers {
                _ = try? header.names
                _ = try? header.targetNames
            }
        }
    }

    private static let refusals: [(parts: [[UInt8]], words: String)] = [
        ([TarSample.file("a").replacing(at: 1024, with: "b")], "is not a tar header"),
        ([TarSample.file("a"), [UInt8](repeating: 0, count: 512), TarSample.file("b")], "a block of zeros between"),
        ([TarSample.end, TarSample.file("a")], "data follows the archive's end"),
        ([TarSample.file("a").typed("S")], "its type “S” is not supported"),
        ([TarSample.file("a").typed("5")], "it has contents but is not a file"),
        ([TarSample.records("12 path=a/b\n"), TarSample.end], "an extended header without its entry"),
        ([TarSample.records("99 path=a/b\n")], "an extended header that is malformed"),
        ([TarSample.records("11 path=a/b\n")], "an extended header that is malformed"),
        ([TarSample.records("9 pathab\n")], "an extended header that is malformed"),
        ([TarSample.records("11 size=-1\n"), TarSample.file("a")], "the record size=-1, which is not a number"),
        ([TarSample.records("22 GNU.sparse.major=1\n"), TarSample.file("a")], "it is a GNU tar sparse file"),
        ([TarSample.records("18 uid=4294967296\n"), TarSample.file("a")], "4294967296 is more than NFS can hold"),
    ]

    @Test("A file that is not an archive, or cannot be unpacked, fails with a message", arguments: refusals.indices)
    func refused(_ index: Int) {
        let (archive, words) = (Array(Self.refusals[index].parts.joined()), Self.refusals[index].words)
        let error = #expect(throws: TarError.self) { try parts(archive) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "no error")")
    }

    @Test(
        "A13: a path that leads out of the archive, or is not a path, is an error",
        arguments: [
            "/etc/passwd", "../a", "a/../../b", "a/..", "..", "", String(repeating: "n", count: 256),
        ]
    )
    func paths(_ path: String) {
        let header = TarHeader(
            .hardLink,
            path: Array(path.utf8),
            target: Array(path.utf8),
            attributes: TarSample.attributes()
        )
        #expect(throws: TarError.self) { try header.names }
        #expect(throws: TarError.self) { try header.targetNames }
    }

    @Test func thePathsOfAnArchiveAreNames() throws {
        for (path, names) in [("./", []), (".", []), ("./a//b/", ["a", "b"]), ("a/./b", ["a", "b"])] {
            let header = TarHeader(.file, path: Array(path.utf8), attributes: TarSample.attributes())
            #expect(try header.names.map(\.description) == names)
        }
    }
}

/// SplitMix64.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension TarSample {
    /// A pax extended header.
    fileprivate static func records(_ text: String) -> [UInt8] { file("records", Array(text.utf8)).dropPax.typed("x") }
}

extension [UInt8] {
    /// Without the extended header that the sample's fraction of a second makes.
    fileprivate var dropPax: [UInt8] { Array(dropFirst(1024)) }

    fileprivate func replacing(at index: Int, with text: String) -> [UInt8] {
        var bytes = self
        bytes.replaceSubrange(index..<index + text.utf8.count, with: Array(text.utf8))
        return bytes
    }

    /// The last header before the contents with another type, and a checksum that fits.
    fileprivate func typed(_ flag: String) -> [UInt8] {
        let start = self[156] == UInt8(ascii: "x") ? 1024 : 0
        var block = Array(self[start..<start + 512]).replacing(at: 156, with: flag)
        let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        let digits = String(sum, radix: 8)
        block = block.replacing(at: 148, with: String(repeating: "0", count: 6 - digits.utf8.count) + digits + "\0 ")
        return Array(self[..<start]) + block + self[(start + 512)...]
    }
}
