import Foundation
import Kubernetes
import Testing

@testable import Provisioning

@Suite("The lines of an audit log")
struct AuditLinesTests {
    private static func line(_ day: Int) -> String {
        #"{"at":"2026-06-0\#(day)T00:00:00Z","action":"created","path":"p","reason":"r","volume":"v\#(day)"}"#
    }

    private static func read(
        _ text: String,
        pieces: Int = 7,
        since: Timestamp? = nil,
        until: Timestamp? = nil
    ) -> AuditLines {
        var lines = AuditLines(since: since, until: until)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            lines.take(Array(rest.prefix(pieces)))
            rest = rest.dropFirst(pieces)
        }
        lines.end()
        return lines
    }

    @Test("Are read however they are split into chunks", arguments: [1, 7, 100, 100_000])
    func pieces(_ size: Int) {
        let lines = Self.read((1...3).map { Self.line($0) + "\n" }.joined(), pieces: size)
        #expect(lines.entries.map(\.volume) == ["v1", "v2", "v3"] && lines.problem == nil)
    }

    @Test("A line of an earlier program, which called the action deed, is read")
    func earlier() {
        let lines = Self.read(Self.line(1).replacing("action", with: "deed") + "\n" + Self.line(2) + "\n")
        #expect(lines.entries.map(\.action) == [.created, .created] && lines.problem == nil)
    }

    @Test("A torn or invalid line hides no other, and is reported")
    func torn() {
        let text = [Self.line(1), "{\"at\":", "", Self.line(2), "no", String(Self.line(3).dropLast(4))].joined(
            separator: "\n"
        )
        let lines = Self.read(text)
        #expect(lines.entries.map(\.volume) == ["v1", "v2"])
        #expect(lines.problem == "3 lines cannot be read, the first is 2")
        #expect(Self.read(Self.line(1)).entries.count == 1)
    }

    @Test("An endless line is skipped, and takes no memory")
    func endless() {
        let long = String(repeating: "x", count: 3 * AuditLines.longestLine)
        let lines = Self.read("\(Self.line(1))\n\(long)\n\(Self.line(2))\n", pieces: 65_536)
        #expect(lines.entries.map(\.volume) == ["v1", "v2"] && lines.problem == "line 2 cannot be read")
    }

    @Test("Only those of the requested time")
    func time() {
        let text = (1...4).map { Self.line($0) + "\n" }.joined()
        let (since, until) = (Timestamp("2026-06-02T00:00:00Z"), Timestamp("2026-06-03T00:00:00Z"))
        #expect(Self.read(text, since: since, until: until).entries.map(\.volume) == ["v2", "v3"])
    }
}
