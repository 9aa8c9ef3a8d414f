import Foundation
import Kubernetes
import Logging
import Prometheus
import Provisioning
import Subprocess
import SystemPackage
import TestBed
import Testing
import Yams

@testable import Commands

@Suite("Monitoring: alerts, dashboard, report, and the page about metrics")
struct MonitoringTests {
    private let folder = MetricsPage.repository.appending(path: "manifests/monitoring")

    /// Every family of a controller, as its registry has it.
    private var families: Set<MetricsPage.Row> {
        let rows = ControllerMetrics().registry.descriptors.map { family, type in
            MetricsPage.Row(name: family.name, type: type.rawValue, labels: family.labels, limit: family.limit)
        }
        return Set(rows)
    }

    @Test("docs/metrics.md has every metric, with its type, labels and bound, and no other")
    func page() throws {
        let (rows, families) = (try MetricsPage.rows(), families)
        #expect(rows.count == Set(rows).count)
        #expect(Set(rows).subtracting(families) == [])
        #expect(families.subtracting(rows) == [])
    }

    @Test(
        "Every metric that an alert, its test or the dashboard uses exists",
        arguments: ["alerts.yaml", "alerts.test.yaml", "dashboard.json"]
    )
    func references(file: String) throws {
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        let names = families.flatMap { row in
            row.type == "histogram" ? ["_bucket", "_sum", "_count"].map { row.name + $0 } : [row.name]
        }
        let asked = Set(text.matches(of: /\b(?:sb_nfs|controller|process)_[a-z_]+/).map { String($0.output) })
        #expect(asked.count > 5)
        #expect(asked.subtracting(names) == [])
    }

    @Test("The alerts are rules that Prometheus reads, and fire when they should and not before: promtool test rules")
    func alerts() async throws {
        let temporary = FileManager.default.temporaryDirectory.appending(path: "alerts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: temporary) }
        let manifest = try Yams.compose(
            yaml: String(contentsOf: folder.appending(path: "alerts.yaml"), encoding: .utf8)
        )
        let rules = try Yams.serialize(node: try #require(manifest?["spec"]))
        try rules.write(to: temporary.appending(path: "rules.yaml"), atomically: true, encoding: .utf8)
        try FileManager.default.copyItem(
            at: folder.appending(path: "alerts.test.yaml"),
            to: temporary.appending(path: "test.yaml")
        )
        for arguments in [
            ["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"], ["test", "rules", "test.yaml"],
        ] {
            let result = try await Subprocess.run(
                .name("promtool"),
                arguments: Arguments(arguments),
                workingDirectory: FilePath(temporary.path()),
                output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20)
            )
            #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)\(result.standardError)")
        }
    }

    @Test("Every alert has a test in which it fires")
    func everyAlert() throws {
        let alerts = try String(contentsOf: folder.appending(path: "alerts.yaml"), encoding: .utf8)
            .matches(of: /- alert: (\w+)/).map { String($0.1) }
        let tests = try Yams.compose(
            yaml: String(contentsOf: folder.appending(path: "alerts.test.yaml"), encoding: .utf8)
        )
        let fired = (tests?["tests"]?.array() ?? []).flatMap { $0["alert_rule_test"]?.array() ?? [] }
            .filter { !($0["exp_alerts"]?.array() ?? []).isEmpty }.compactMap { $0["alertname"]?.string }
        #expect(!alerts.isEmpty && Set(alerts) == Set(fired))
    }

    @Test("The dashboard is JSON with panels that each have a query, and no two overlap")
    func dashboard() throws {
        struct Dashboard: Decodable {
            struct Panel: Decodable {
                struct Target: Decodable { let expr: String }
                struct Position: Decodable { let x, y, w, h: Int }
                let id: Int
                let type: String
                let title: String
                let targets: [Target]?
                let gridPos: Position
            }
            let panels: [Panel]
        }
        let data = try Data(contentsOf: folder.appending(path: "dashboard.json"))
        let panels = try JSONDecoder().decode(Dashboard.self, from: data).panels
        #expect(Set(panels.map(\.id)).count == panels.count)
        for panel in panels where panel.type != "row" {
            #expect(panel.targets?.isEmpty == false && panel.targets?.allSatisfy { !$0.expr.isEmpty } == true)
        }
        var taken: Set<[Int]> = []
        for position in panels.map(\.gridPos) {
            #expect(position.x + position.w <= 24)
            for x in position.x..<position.x + position.w {
                for y in position.y..<position.y + position.h { #expect(taken.insert([x, y]).inserted) }
            }
        }
    }

    @Test("The daily report runs the image with the settings of the Deployment")
    func report() throws {
        func documents(_ path: String) throws -> [Node] {
            let text = try String(
                contentsOf: MetricsPage.repository.appending(path: "manifests/\(path)"),
                encoding: .utf8
            )
            return try Array(Yams.compose_all(yaml: text))
        }
        let deployment = try documents("base/deployment.yaml")[0]["spec"]?["template"]?["spec"]
        let report = try documents("monitoring/report.yaml")[0]["spec"]?["jobTemplate"]?["spec"]?["template"]?["spec"]
        let (one, other) = (deployment?["containers"]?[0], report?["containers"]?[0])
        for key in ["image", "envFrom", "securityContext", "volumeMounts"] {
            #expect(one?[key] != nil && one?[key] == other?[key])
        }
        #expect(one?["env"]?[0]?["name"] == "CONFIG_FILE" && one?["env"]?[0] == other?["env"]?[0])
        #expect(deployment?["volumes"] != nil && deployment?["volumes"] == report?["volumes"])
        #expect(deployment?["securityContext"] != nil && deployment?["securityContext"] == report?["securityContext"])
        #expect(
            other?["args"]?.array().compactMap(\.string)
                == ["report", "backups", "--fail-on", "failed", "--fail-on", "missing", "--fail-on", "overdue"]
        )
        let component = try documents("monitoring/kustomization.yaml")[0]
        for file in component["resources"]?.array() ?? [] {
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: file.string ?? "").path()))
        }
    }
}
