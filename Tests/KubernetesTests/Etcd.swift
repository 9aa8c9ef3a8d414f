import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TestBed
import Testing

/// The etcd behind the test bed's API server.
enum Etcd {
    /// Forgets every revision before `revision`. Only ones from before the bed was ready, so that no other test is disturbed.
    static func compact(revision: Int) async throws {
        var request = HTTPClientRequest(url: try TestBed.current().etcd + "/v3/kv/compaction")
        request.method = .POST
        request.body = .bytes(ByteBuffer(string: #"{"revision":\#(revision),"physical":true}"#))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let body = String(buffer: try await response.body.collect(upTo: 1 << 20))
        // The second to ask is told that it was done before.
        try #require(response.status == .ok || body.contains("has been compacted"), "etcd: \(body)")
    }
}
