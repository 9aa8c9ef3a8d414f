import Foundation
import Kubernetes
import Presentation
import Testing

@testable import Provisioning
@testable import Reports

@Suite("Reports as text")
struct ReportTextTests {
    private static let hostile = "x\u{1B}[2J|<script>"

    private static let sources = Sample.sources(
        catalogue: [
            .archive(
                Sample.archive {
                    $0.claim?.name = hostile
                    $0.storageClass = "=cmd()"
                    $0.hooks = [Sample.hook(.failed, message: "no \"room\", sorry")]
                }
            ),
            .unreadable(name: "pvc-b", reason: "the record pvc-b.json on nas:/srv cannot be read"),
        ]
    ) { $0.shares[0].failures = [ReportGap(export: "nas:/srv", reason: "the room cannot be read\u{1B}")] }

    private static let report = BackupReport(of: sources, filter: ReportFilter(namespaces: [], failuresOnly: true))

    @Test("The table begins with the totals and the gaps, and cannot control the terminal")
    func table() {
        let lines = Self.report.text(TableStyle()).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "Backups at 2026-06-15T12:00:00Z (failures only)")
        #expect(lines[1] == "  0 ok, 0 warning, 1 failed, 0 missing, 0 overdue, 1 unknown")
        #expect(lines[2] == "  0 volumes, 2 archives")
        #expect(lines[5] == "Could not be read:" && lines[6] == #"  nas:/srv: the room cannot be read\u{1B}"#)
        #expect(lines[7] == "  the record pvc-b.json on nas:/srv cannot be read")
        #expect(lines[9].hasPrefix("VERDICT  KIND     NAMESPACE  CLAIM"))
        #expect(lines[10].hasPrefix("failed   archive  clinic") && lines[11].hasPrefix("unknown  archive"))
        #expect(!lines.joined().contains("\u{1B}"))
        #expect(Self.report.text(TableStyle(isColoured: true)).contains("\u{1B}[31mfailed\u{1B}[0m   archive"))
    }

    @Test("CSV has a row per item and per gap, each with every column, and no formula")
    func csv() {
        let text = Self.report.records.csv
        #expect(
            text.contains(",\u{1B}") == false && text.contains(",'=cmd(),") && text.contains("no \"\"room\"\", sorry")
        )
        let table = Self.report.records
        #expect(table.rows.count == 4 && table.rows.allSatisfy { $0.count == table.header.count })
        #expect(table.rows.map { $0[1] } == ["archive", "archive", "gap", "gap"])
        #expect(text.split(separator: "\r\n").count == 5)
        for other in [UsageReport(of: Self.sources, filter: ReportFilter()).records] {
            #expect(other.rows.last?.first == "gap" && other.rows.allSatisfy { $0.count == other.header.count })
        }
    }

    @Test("Markdown stays text")
    func markdown() {
        let text = Self.report.markdown
        #expect(text.hasPrefix("# Backups at 2026-06-15T12:00:00Z (failures only)\n\n- 0 ok"))
        #expect(text.contains("## Could not be read\n\n- nas:/srv: the room cannot be read"))
        #expect(text.contains("\\|&lt;script&gt;") && !text.contains("<script>") && !text.contains("\u{1B}"))
    }

    @Test("JSON is the report itself, and a failed hook keeps its output")
    func json() throws {
        let text = try String(json: Self.report)
        #expect(try JSONDecoder().decode(BackupReport.self, from: Data(text.utf8)) == Self.report)
        #expect(Self.report.items.first?.hooks.first?.output == "tail")
        let well = Sample.sources(catalogue: [.archive(Sample.archive { $0.hooks = [Sample.hook()] })])
        #expect(BackupReport(of: well, filter: ReportFilter()).items.first?.hooks.first?.output == nil)
    }
}
