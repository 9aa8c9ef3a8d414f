import Foundation
import Provisioning
import Testing

@testable import Commands

@Suite("Whose archives a command of an admin takes for the cluster's")
struct ClusterReadingTests {
    private static func archive(of cluster: String?) throws -> ArchiveRecord {
        let field = cluster.map { #", "cluster": "\#($0)""# } ?? ""
        let text = #"""
            {"version": 1, "id": "a", "from": "a", "to": "archived-a", "directory": {"fsid": 1, "fileID": 2},
             "reason": "r", "state": "archived", "requestedAt": "2026-01-01T00:00:00Z"\#(field)}
            """#
        return try JSONDecoder().decode(ArchiveRecord.self, from: Data(text.utf8))
    }

    @Test("Without a cluster all are; one that does not answer has only those that name none")
    func isOurs() throws {
        let (named, unnamed) = (try Self.archive(of: "some"), try Self.archive(of: nil))
        #expect(ClusterReading.notAsked.isOurs(named) && ClusterReading.notAsked.isOurs(unnamed))
        let failed = ClusterReading.failed(reason: "no answer")
        #expect(!failed.isOurs(named) && failed.isOurs(unnamed))
    }
}
