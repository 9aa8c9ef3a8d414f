import Tar
import Testing

@testable import NFS

@Suite struct TarHeaderTests {
    @Test func aPlainEntryIsOneBlock() throws {
        let blocks = TarHeader(.file, path: Array("./a".utf8), attributes: attributes(size: 8)).blocks
        #expect(blocks.count == 512)
        #expect(text(blocks, 124, 11) == "00000000010")
        #expect(text(blocks, 257, 5) == "ustar")
        let sum = blocks.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        #expect(Int(text(blocks, 148, 6), radix: 8) == sum)
    }

    /// What ustar has no room for, and the record that says it.
    @Test(arguments: [
        ("size", "25 size=1099511627776000\n"),
        ("uid", "18 uid=4294967295\n"),
        ("mtime", "22 mtime=12.000000345\n"),
        ("path", "16 path=./ü✓\n"),
        ("binary", "21 hdrcharset=BINARY\n"),
    ])
    func whatDoesNotFitIsARecord(_ kind: String, _ record: String) throws {
        var attributes = attributes(size: kind == "size" ? 1_099_511_627_776_000 : 0)
        if kind == "uid" { attributes.uid = .max }
        if kind == "mtime" { attributes.mtime = FileTime(seconds: 12, nanoseconds: 345) }
        let path = kind == "path" ? Array("./ü✓".utf8) : kind == "binary" ? [0x2E, 0x2F, 0xFF] : Array("./a".utf8)
        let blocks = TarHeader(.file, path: path, attributes: attributes).blocks
        #expect(blocks.count == 3 * 512)
        #expect(blocks[156] == UInt8(ascii: "x"))
        #expect(text(blocks, 512, 512).hasPrefix(record), "\(text(blocks, 512, 64))")
    }

    @Test func aRecordCountsItsOwnDigits() {
        for count in 80...110 {
            let path = Array(repeating: UInt8(ascii: "p"), count: count)
            let blocks = TarHeader(.file, path: path, attributes: attributes(size: 0)).blocks
            guard count > 100 else {
                #expect(blocks.count == 512)
                continue
            }
            #expect(text(blocks, 512, 3) == "\(count + 10)")
            #expect(blocks[512 + count + 9] == 0x0A)
        }
    }

    private func text(_ blocks: [UInt8], _ start: Int, _ count: Int) -> String {
        String(decoding: blocks[start..<start + count], as: UTF8.self)
    }

    private func attributes(size: UInt64) -> Attributes {
        Attributes(
            type: .regular,
            mode: 0o644,
            uid: 0,
            gid: 0,
            nlink: 1,
            size: size,
            used: 0,
            fsid: 1,
            fileid: 1,
            mtime: FileTime(seconds: 1, nanoseconds: 0),
            ctime: FileTime(seconds: 1, nanoseconds: 0)
        )
    }
}
