import Foundation
import Kubernetes
import Logging
import Presentation
import Testing

@testable import Commands

@Suite("A line of the log, for people and for programs")
struct LogLineTests {
    private func line(_ message: String = "claim bound", _ metadata: Logger.Metadata = [:]) -> LogLine {
        LogLine(
            time: MicroTime(microseconds: 1_764_000_000_123_456),
            level: .info,
            subsystem: "provisioning",
            message: message,
            metadata: metadata
        )
    }

    @Test("Text: time, level, subsystem and message, then the metadata by name")
    func text() {
        let metadata: Logger.Metadata = [
            "volume": "pvc-1", "claim": "shop/db", "made.seconds": .stringConvertible(1.5),
        ]
        #expect(
            line("claim bound", metadata).text(.text)
                == "2025-11-24T16:00:00.123Z info     provisioning: claim bound claim=shop/db made.seconds=1.5 volume=pvc-1\n"
        )
    }

    @Test("JSON: the same, in the same order, on one line")
    func json() {
        let metadata: Logger.Metadata = [
            "volume": "pvc-1", "lines": .stringConvertible(3), "list": ["a", "b"], "map": ["y": "2", "x": ["1"]],
        ]
        #expect(
            line("claim bound", metadata).text(.json)
                == #"{"time":"2025-11-24T16:00:00.123Z","level":"info","subsystem":"provisioning","message":"claim bound","#
                + #""lines":3,"list":["a","b"],"map":{"x":["1"],"y":"2"},"volume":"pvc-1"}"# + "\n"
        )
    }

    @Test("Metadata cannot take the place of time, level, subsystem and message")
    func taken() throws {
        let text = line("true", ["message": "false", "time": "never"]).text(.json)
        let fields = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
        #expect(
            fields["message"] == "true" && fields["metadata.message"] == "false" && fields["metadata.time"] == "never"
        )
    }

    @Test(
        "Nothing that a message or a name holds breaks its line, or makes another",
        arguments: ["a\nb", "a\rb", "\u{1b}[31m", "\u{2028}", "\u{202e}", "\u{0}", "\"", "\\", "\u{85}", "a b=c", ""]
    )
    func hostile(text: String) throws {
        for format in LogFormat.allCases {
            let written = line("begin \(text) end", ["claim": "\(text)"]).text(format)
            #expect(written.hasSuffix("\n"))
            let inner = written.dropLast().unicodeScalars
            #expect(inner.allSatisfy { !$0.isUnseen })
        }
        let json = line("begin \(text) end", ["claim": "\(text)"]).text(.json)
        let fields = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String])
        #expect(fields["claim"] == text && fields["message"] == "begin \(text) end")
    }
}
