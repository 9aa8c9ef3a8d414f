import Foundation
import Kubernetes
import Testing

@testable import Provisioning

@Suite("Records keep what this program does not know")
struct RecordCoderTests {
    static let earlier = """
        {"version": 1, "id": "pvc-1", "from": "a", "to": "archived-a", "reason": "r", "state": "archived",
         "directory": {"fsid": 1, "fileID": 2, "label": "blue"}, "requestedAt": "2026-01-01T00:00:00Z",
         "hold": {"reason": "audit", "at": "2026-01-02T00:00:00Z"},
         "ticket": {"id": 7, "open": true, "share": 0.5, "tags": ["x", null]}}
        """

    static func rewritten(_ change: (inout ArchiveRecord) -> Void) throws -> [String: JSONValue] {
        var record = try RecordCoder.decode(ArchiveRecord.self, from: Array(earlier.utf8), file: "f")
        change(&record)
        let bytes = try RecordCoder.encode(record, over: Array(earlier.utf8), file: "f")
        guard case .object(let fields) = try RecordCoder.decode(JSONValue.self, from: bytes, file: "f") else {
            return [:]
        }
        return fields
    }

    @Test("A file's number keeps all of its digits when its record is written again")
    func largeNumbers() throws {
        let fields = try Self.rewritten { $0.directory.fileID = .max }
        let bytes = try RecordCoder.encode(JSONValue.object(fields))
        let record = try RecordCoder.decode(ArchiveRecord.self, from: bytes, file: "f")
        #expect(record.directory.fileID == .max)
    }

    @Test("A11: unknown fields stay, also within known ones; changed ones change; removed ones are gone")
    func unknownFields() throws {
        let fields = try Self.rewritten {
            $0.state = .purged
            $0.hold = nil
            $0.directory.fileID = 3
        }
        let ticket: JSONValue = .object([
            "id": .integer(7), "open": .bool(true), "share": .number(0.5), "tags": .array([.string("x"), .null]),
        ])
        #expect(fields["ticket"] == ticket)
        #expect(fields["directory"] == .object(["fsid": .integer(1), "fileID": .integer(3), "label": .string("blue")]))
        #expect(fields["state"] == .string("purged"))
        #expect(fields["hold"] == nil)
    }

    @Test("An invalid record is reported with a remedy")
    func unreadable() {
        let error = #expect(throws: ShareError.self) {
            try RecordCoder.decode(ArchiveRecord.self, from: Array("{\"id\": 1}".utf8), file: "archives/x.json")
        }
        #expect(
            error?.description
                == "the record archives/x.json cannot be read: correct it, or move it away to continue without it"
        )
    }
}
