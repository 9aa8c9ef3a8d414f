import Logging
import NIOHTTP1
import TestBed
import Testing

@testable import Kubernetes

@Suite("Warnings of the API server")
struct ServerWarningsTests {
    @Test(
        "The text of a warning is read, whatever is quoted in it",
        arguments: [
            (#"299 - "v1 Endpoints is deprecated in v1.33+""#, "v1 Endpoints is deprecated in v1.33+"),
            (#"299 kube "a \"b\" \\c" "Tue, 1 Dec 2026 00:00:00 GMT""#, #"a "b" \c"#), (#"199 - "other""#, nil),
            ("299 - unquoted", nil), (#"299 - "endless"#, nil), ("", nil),
        ] as [(String, String?)]
    )
    func texts(header: String, text: String?) {
        #expect(ServerWarnings.text(of: header) == text)
    }

    @Test("Each is logged once, and a server that sends ever new ones is not logged without end")
    func once() async throws {
        let (logger, records) = RecordingLogHandler.logger()
        let list = #"{"metadata":{"resourceVersion":"1"},"items":[]}"#
        let warned = ScriptedServer.Step.answer(.ok, headers: [("Warning", #"299 - "old""#)], body: list)
        let server = try await ScriptedServer.start([warned, warned])
        let configuration = try ClusterConfiguration(server: server.address)
        let client = KubernetesClient(configuration: configuration, logger: logger)
        for _ in 1...2 { _ = try await client.api(PersistentVolume.self).page() }
        try await client.shutdown()
        let warnings = ServerWarnings()
        for number in 0..<2 * ServerWarnings.remembered {
            warnings.note(["Warning": "299 - \"\(number)\""], logger)
        }
        #expect(records.messages.count { $0 == "the API server warns" } == 1 + ServerWarnings.remembered)
    }
}
