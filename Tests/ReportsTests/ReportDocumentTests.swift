import Crypto
import Foundation
import Kubernetes
import Testing

@testable import Reports

@Suite("The page's document")
struct ReportDocumentTests {
    private func text(_ reports: ReportSet, viewer: ReportDocument.Viewer? = nil) -> String {
        String(decoding: ReportDocument(reports, viewer: viewer).html(), as: UTF8.self)
    }

    /// Reports of one item with a verdict.
    private func one(_ verdict: BackupVerdict, gaps: [ReportGap] = []) -> ReportSet {
        var reports = ReportSet.sample(1, gaps: gaps) { item, _ in item.verdict = verdict }
        reports.usage = nil
        reports.audit = nil
        return reports
    }

    @Test("The policy's hashes are those of the script and the style sheet in the document")
    func policy() throws {
        let html = text(ReportSet.sample(3))
        for (element, directive) in [("script", "script-src"), ("style", "style-src")] {
            let start = try #require(html.range(of: "<\(element)>"))
            let end = try #require(html.range(of: "</\(element)>"))
            let digest = SHA256.hash(data: Data(html[start.upperBound..<end.lowerBound].utf8))
            let source = "\(directive) 'sha256-\(Data(digest).base64EncodedString())'"
            #expect(ContentSecurityPolicy.header.contains(source))
        }
        #expect(ContentSecurityPolicy.header.hasPrefix("default-src 'none'; "))
        #expect(html.components(separatedBy: "</script").count == 2, "the script does not end itself")
        #expect(!html.contains(" style=") && !html.contains("http://") && !html.contains("src="))
    }

    @Test(
        "Only a fully checked item is green",
        arguments: [
            (.ok, [], "ok"), (.ok, [ReportGap(reason: "no answer")], "unknown"), (.unknown, [], "unknown"),
            (.warning, [], "warning"), (.missing, [], "failed"), (.overdue, [], "failed"),
            (.failed, [ReportGap(reason: "no answer")], "failed"),
        ] as [(BackupVerdict, [ReportGap], String)]
    )
    func state(verdict: BackupVerdict, gaps: [ReportGap], style: String) {
        #expect(text(one(verdict, gaps: gaps)).contains("class=\"state \(style)\""))
    }

    @Test("An empty result of a filter for failures is no all-clear, nor is an empty report")
    func noAllClear() {
        var reports = one(.ok)
        reports.backups?.filter.failuresOnly = true
        #expect(text(reports).contains("class=\"state none\""))
        reports.backups?.items = []
        #expect(text(reports).contains("Only a filtered part is shown."))
        #expect(text(ReportSet.sample(0)).contains("class=\"state none\""))
    }

    @Test("Of thousands of gaps ten are visible, and none is left out")
    func manyBlindSpots() {
        let spots = (0..<3000).map { ReportGap(export: "nas1:/srv", record: "r\($0).json", reason: "is no JSON") }
        let html = text(one(.ok, gaps: spots))
        #expect(html.contains("3,000 items could not be read"))
        #expect(html.contains("2,990 more") && html.contains("r2999.json"))
    }

    @Test("Impossible numbers are shown, and break nothing")
    func absurdNumbers() {
        var reports = ReportSet.sample(3)
        var row = UsageReport.Row()
        (row.namespace, row.requestedBytes, row.usedBytes, row.files) = ("a", 1, .max, .max)
        reports.usage?.byNamespace = [row, row]
        reports.backups?.items[0].usedBytes = .max
        reports.backups?.items[0].files = .max
        reports.backups?.items[2].files = .max
        reports.backups?.items[1].requestedBytes = .min
        #expect(text(reports).contains("1,000,000,000 %"))
    }

    @Test("One report alone makes a page; none makes one too")
    func parts() {
        let all = ReportSet.sample(5)
        #expect(!text(ReportSet(usage: all.usage)).contains("id=\"backups\""))
        #expect(text(ReportSet(audit: all.audit)).contains("id=\"audit\""))
        #expect(text(ReportSet()).hasSuffix("</html>"))
    }

    @Test("A viewer of some namespaces gets nothing of others")
    func limited() {
        let spots = [
            ReportGap(export: "nas1:/srv", record: "secret-1.json", reason: "secret-1"),
            ReportGap(export: "nas1:/srv", record: "secret-2.json", reason: "secret-2"),
        ]
        let reports = ReportSet.sample(100, gaps: spots).limited(to: ["shop"])
        #expect(reports.namespaces == ["shop"])
        #expect(reports.gaps.count == 1 && reports.usage?.room == [])
        #expect(!text(reports).contains("secret"))
    }
}
