import Foundation
import Glibc
import Testing

@testable import Commands

@Suite("Progress of long work")
struct ProgressTests {
    @Test("On a terminal one line is overwritten, never wider than the terminal, and removed at the end")
    func terminal() throws {
        var (controller, terminal): (Int32, Int32) = (-1, -1)
        try #require(openpty(&controller, &terminal, nil, nil, nil) == 0)
        defer { for descriptor in [controller, terminal] { close(descriptor) } }
        let progress = Progress(descriptor: terminal, interval: .zero)
        progress.show("1 file")
        progress.show(String(repeating: "x", count: 200))
        progress.end()
        let line = "\r\u{1B}[K"
        let expected = line + "1 file" + line + String(repeating: "x", count: 79) + line
        #expect(read(expected.utf8.count, from: controller) == expected)
    }

    @Test("Without a terminal progress is printed in lines, and nothing is removed")
    func plain() throws {
        let pipe = Pipe()
        let progress = Progress(descriptor: pipe.fileHandleForWriting.fileDescriptor, interval: .zero)
        progress.show("1 file")
        progress.show("2 files")
        progress.end()
        try pipe.fileHandleForWriting.close()
        let text = try String(decoding: #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self)
        #expect(text == "sb-nfs-provisioner: 1 file\nsb-nfs-provisioner: 2 files\n")
    }

    @Test("Updates in quick succession and short work are not printed, and their text is not built")
    func pace() throws {
        let pipe = Pipe()
        let progress = Progress(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        for _ in 1...1000 {
            progress.show(
                {
                    Issue.record("words for nobody"); return ""
                }()
            )
        }
        progress.end()
        try pipe.fileHandleForWriting.close()
        #expect(try pipe.fileHandleForReading.readToEnd() ?? Data() == Data())
    }

    /// As many bytes as are expected: a terminal has no end of file.
    private func read(_ count: Int, from descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waited, 1, 5000) == 1 else { break }
            let got = bytes[filled...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard got > 0 else { break }
            filled += got
        }
        return String(decoding: bytes[..<filled], as: UTF8.self)
    }
}
