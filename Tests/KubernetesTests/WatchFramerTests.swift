import Foundation
import NIOCore
import Testing

@testable import Kubernetes

@Suite("Cutting a watch into events")
struct WatchFramerTests {
    private let lines = [#"{"a":1}"#, #"{"b":"zwölf"}"#, "{}", #"{"c":[1,2,3]}"#]

    private func frames(_ framer: inout WatchFramer) throws -> [String] {
        var frames: [String] = []
        while let frame = try framer.next() { frames.append(String(buffer: frame)) }
        return frames
    }

    @Test func eventsAreTheSameWhereverTheNetworkCutsThem() throws {
        let stream = Array((lines.joined(separator: "\n") + "\r\n\n").utf8)
        let expected = lines.dropLast() + [lines[3] + "\r"]
        for first in 0...stream.count {
            for second in first...stream.count {
                var framer = WatchFramer(limit: 100)
                var seen: [String] = []
                for part in [stream[..<first], stream[first..<second], stream[second...]] {
                    framer.append(ByteBuffer(bytes: part))
                    seen += try frames(&framer)
                }
                #expect(seen == Array(expected), "cut at \(first) and \(second)")
            }
        }
    }

    @Test func aByteAtATimeIsEnough() throws {
        var framer = WatchFramer(limit: 100)
        var seen: [String] = []
        for byte in (lines.joined(separator: "\n") + "\n").utf8 {
            framer.append(ByteBuffer(bytes: [byte]))
            seen += try frames(&framer)
        }
        #expect(seen == lines)
    }

    @Test func anEventWithoutItsEndIsNotHandedOn() throws {
        var framer = WatchFramer(limit: 100)
        framer.append(ByteBuffer(string: #"{"a":1"#))
        #expect(try frames(&framer).isEmpty)
    }

    @Test(arguments: ["\n", ""])
    func anEventAboveTheLimitIsAnError(end: String) throws {
        var framer = WatchFramer(limit: 10)
        framer.append(ByteBuffer(string: "0123456789\n"))
        #expect(try frames(&framer) == ["0123456789"])
        framer.append(ByteBuffer(string: "0123456789a" + end))
        #expect { try framer.next() } throws: { ($0 as? KubernetesError)?.code == .tooLarge }
    }
}
