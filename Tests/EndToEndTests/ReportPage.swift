import AsyncHTTPClient
import Foundation
import Kubernetes
import NIOCore
import NIOHTTP1
import NIOSSL
import TestBed
import Testing

@testable import Commands
@testable import Reports

/// The report page on the real API server, under the controller's own ServiceAccount, with reports that are made up.
struct ReportPage: Sendable {
    /// `https://127.0.0.1:port`
    let address: String
    private let http: HTTPClient

    /// Serves the page while `body` runs.
    ///
    /// - Parameters:
    ///   - scenario: Whose namespace has two of the three items; the third is in `elsewhere`.
    ///   - tls: The certificate; nil: the test bed's.
    ///   - body: What visits the page.
    /// - Throws: What `body` throws.
    static func serve(
        _ scenario: Scenario,
        tls: ReportServerSettings.TLS? = nil,
        _ body: (ReportPage) async throws -> Void
    ) async throws {
        let pki = scenario.bed.folder + "/pki"
        var settings = ReportServerSettings(listen: SocketAddress(host: "127.0.0.1", port: 0))
        settings.tls = tls ?? .init(certificateFile: pki + "/server.crt", keyFile: pki + "/server.key")
        let client = try Cluster.client(kubeconfig: scenario.bed.controllerKubeconfig)
        let (logger, records) = RecordingLogHandler.logger()
        let namespace = scenario.namespace
        let server = try ReportServer(settings, client: client, logger: logger) {
            ReportReading { filter, _ in ReportPage.reports(namespace, filter) }
        }
        let result: Result<Void, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await server.run() }
            let result: Result<Void, any Error>
            do {
                try await eventually("the page is served") { records.messages.contains("serving reports") }
                let address = try #require(records.metadata(of: "serving reports").first?["address"])
                result = .success(try await ReportPage.visit("\(address)", body))
            } catch {
                result = .failure(error)
            }
            group.cancelAll()
            return result
        }
        try await client.shutdown()
        try result.get()
    }

    private static func visit(_ address: String, _ body: (ReportPage) async throws -> Void) async throws {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.tlsConfiguration = .makeClientConfiguration()
        configuration.tlsConfiguration?.certificateVerification = .none
        let page = ReportPage(address: address, http: HTTPClient(configuration: configuration))
        let result: Result<Void, any Error>
        do { result = .success(try await body(page)) } catch { result = .failure(error) }
        try await page.http.shutdown()
        try result.get()
    }

    private static func reports(_ namespace: String, _ filter: ReportFilter) -> ReportSet {
        let items = [(namespace, "mine"), (namespace, "ours"), ("elsewhere", "theirs")].map { namespace, claim in
            var item = BackupItem(
                .volume,
                id: "pv-\(claim)",
                export: "nas1:/srv",
                state: "Bound",
                verdict: .ok,
                reason: "is well"
            )
            (item.namespace, item.claim) = (namespace, claim)
            return item
        }.filter { filter.namespaces.isEmpty || filter.namespaces.contains($0.namespace ?? "") }
        var summary = BackupReport.Summary()
        summary.volumes = items.count
        summary.verdicts["ok"] = items.count
        let backups = BackupReport(
            generatedAt: .now,
            filter: filter,
            summary: summary,
            items: items,
            gaps: []
        )
        return ReportSet(backups: backups)
    }

    struct Answer {
        let status: HTTPResponseStatus
        let headers: HTTPHeaders
        let body: String

        /// The claims in a report.
        var claims: [String] {
            get throws { try JSONDecoder().decode(BackupReport.self, from: Data(body.utf8)).items.compactMap(\.claim) }
        }
    }

    func request(
        _ path: String = "/reports/backups.json",
        token: String? = nil,
        form: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let form {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        let response = try await http.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 16 << 20)
        return Answer(status: response.status, headers: response.headers, body: String(buffer: body))
    }
}
