import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Reports
import TestBed
import Testing

@Suite("The report page of a running controller")
struct ServedReportTests {
    @Test("It serves the output of report under its own account, and ends with the controller")
    func served() async throws {
        try await Scenario.run { scenario in
            let configuration = try scenario.configuration("reports: {listen: '127.0.0.1:0', insecure: true}\n")
            let controller = try scenario.startController(configuration: configuration)
            try await scenario.createClass()
            try await scenario.createClaim("used")
            try await scenario.createClaim("gone")
            _ = try await scenario.boundVolume(of: "used")
            let gone = try await scenario.boundVolume(of: "gone")
            try await scenario.deleteClaim("gone")
            try await scenario.expectGone(gone)

            try await eventually("it says where") { controller.log.contains("serving reports") }
            let address = try #require(controller.log.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/)?.output)
            var request = HTTPClientRequest(url: "\(address)/reports/backups.json?namespace=\(scenario.namespace)")
            request.headers.add(name: "Authorization", value: "Bearer \(try scenario.adminToken)")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            #expect(response.status == .ok)
            let body = Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
            let served = try JSONDecoder().decode(BackupReport.self, from: body)

            let said = try await scenario.run(
                ["report", "backups", "--output", "json", "--namespace", scenario.namespace],
                ["KUBECONFIG": scenario.bed.controllerKubeconfig]
            )
            let report = try JSONDecoder().decode(BackupReport.self, from: Data(said.output.utf8))
            #expect(served.items == report.items && served.items.map(\.claim) == ["gone", "used"])
            #expect(served.summary == report.summary && served.gaps == report.gaps)

            controller.signal(SIGTERM)
            try await eventually("the controller ends") { !controller.isRunning }
            #expect(controller.log.contains("stopped"))
        }
    }
}
