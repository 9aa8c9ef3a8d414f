import Foundation
import Kubernetes
import Presentation
import Provisioning
import TestBed
import Testing

@testable import Reports

@Suite("The page in a real browser", .serialized)
struct PageBrowserTests {
    private func visit(_ reports: ReportSet, _ body: (Browser) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let page = folder.path + "/page.html"
        try Data(ReportDocument(reports).html()).write(to: URL(filePath: page))
        try await Browser.run { browser in
            try await browser.open("file://" + page)
            try await body(browser)
            #expect(try await browser.complaints() == [], "nothing was blocked, nothing failed")
        }
    }

    @Test("Its numbers are those of the JSON")
    func numbers() async throws {
        let reports = ReportSet.sample(180)
        let summary = try #require(reports.backups?.summary)
        let usage = try #require(reports.usage)
        try await visit(reports) { browser in
            let tiles = try await browser.texts(".tile")
            #expect(
                tiles
                    == BackupVerdict.allCases.map { verdict in
                        "\(summary.verdicts[verdict.rawValue] ?? 0)\(verdict == .warning ? "warnings" : verdict.rawValue)"
                    }
            )
            let sums = try await numbers("#backups tfoot [data-sum]", "sum", browser)
            #expect(sums.prefix(2) == [summary.requestedBytes, Int64(summary.usedBytes)])
            #expect(try await browser.texts("#backups output") == ["180 rows"])
            for (table, rows) in [
                ("by-namespace", usage.byNamespace), ("by-class", usage.byClass), ("by-export", usage.byExport),
            ] {
                let cells = try await numbers("[data-table=\(table)] tbody td:nth-child(5)", "v", browser)
                #expect(cells == rows.map { Int64($0.usedBytes) }, "\(table)")
            }
            #expect(try await browser.texts("[data-table=by-claim] output") == ["\(usage.byClaim.count) rows"])
            #expect(try await browser.texts("[data-table=audit] output") == ["180 rows"])
            let archived = reports.audit?.lines.count { $0.entry.action == .archived } ?? 0
            #expect(try await browser.texts(".legend .archived b") == ["\(archived)"])
            let succeeded = reports.backups?.items.flatMap(\.hooks).count { $0.outcome == .succeeded } ?? 0
            #expect(try await browser.texts(".legend .succeeded b") == ["\(succeeded)"])
        }
    }

    private func numbers(_ selector: String, _ name: String, _ browser: Browser) async throws -> [Int64] {
        let script =
            "return [...document.querySelectorAll(arguments[0])].map(cell => Number(cell.dataset[arguments[1]]))"
        guard case .array(let values) = try await browser.run(script, [.string(selector), .string(name)]) else {
            return []
        }
        return values.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    }

    @Test("A click on a heading sorts by its column, up, then down; unknown values come last")
    func sorting() async throws {
        let reports = ReportSet.sample(60)
        let used = reports.backups?.items.compactMap(\.usedBytes).sorted().map { "\(ByteCount($0))" } ?? []
        try await visit(reports) { browser in
            let unknown = Array(repeating: "", count: 60 - used.count)
            try await browser.click("#backups th:nth-child(6) button")
            #expect(try await browser.texts("#backups tbody td:nth-child(6)") == used + unknown)
            #expect(try await browser.texts("#backups [aria-sort=ascending]") == ["Used"])
            try await browser.click("#backups th:nth-child(6) button")
            #expect(try await browser.texts("#backups tbody td:nth-child(6)") == used.reversed() + unknown)
            #expect(try await browser.texts("#backups [aria-sort=descending]") == ["Used"])
            let urgency = ["failed", "missing", "overdue", "unknown", "warning", "ok"]
            let verdicts = urgency.flatMap { verdict in
                Array(repeating: verdict, count: reports.backups?.summary.verdicts[verdict] ?? 0)
            }
            #expect(Set(verdicts).count == 6)
            try await browser.click("#backups th:nth-child(1) button")
            #expect(try await browser.texts("#backups tbody td:first-child") == verdicts)
            try await browser.click("#backups th:nth-child(1) button")
            #expect(try await browser.texts("#backups tbody td:first-child") == verdicts.reversed())
        }
    }

    @Test("Rows are filtered by text, by the value of a column, and by a click on a tile; the sums follow")
    func filtering() async throws {
        let reports = ReportSet.sample(700)
        let items = try #require(reports.backups?.items)
        try await visit(reports) { browser in
            let failed = items.filter { $0.verdict == .failed }
            #expect(try await browser.texts("#backups tbody tr").count == 200, "rows beyond are there on demand")
            try await browser.click(".tile.failed")
            #expect(try await browser.texts("#backups output") == ["\(failed.count) of 700 rows"])
            let sums = try await browser.texts("#backups tfoot [data-sum]")
            let used = failed.reduce(0) { $0 + ($1.usedBytes ?? 0) }
            #expect(sums[1] == "\(ByteCount(used))", "the script counts as the server does")
            try await browser.type("BILLING  registry-", into: "#backups input[type=search]")
            let both = failed.filter { $0.namespace == "billing" && $0.claim?.hasPrefix("registry-") == true }
            #expect(try await browser.texts("#backups tbody tr").count == both.count)
            let claims = try await browser.texts("#backups tbody th span")
            #expect(Set(claims) == Set(both.compactMap(\.claim)))
        }
    }

    @Test("More rows come on demand, a thousand at a time")
    func more() async throws {
        try await visit(ReportSet.sample(1500)) { browser in
            #expect(try await browser.texts("#backups .more") == ["Show more of 1,300"])
            try await browser.click("#backups .more")
            #expect(try await browser.texts("#backups tbody tr").count == 1200)
            try await browser.click("#backups .more")
            #expect(try await browser.texts("#backups tbody tr").count == 1500)
        }
    }

    static let hostile = [
        "<script>document.title='owned'</script>", "</script><script>document.title='owned'</script>",
        "\"><img src=x onerror=\"document.title='owned'\">", "' onmouseover='document.title=\"owned\"",
        "javascript:document.title='owned'", "</title></style><svg onload=document.title='owned'>",
        "{{7*7}}${7*7}", "--><!--", "a\u{202e}gpj.exe", "\u{0}\u{1b}[31m\r\nSet-Cookie: a=b",
    ]

    @Test("Names and texts from claims and records stay text")
    func hostileTexts() async throws {
        let spots = Self.hostile.map { ReportGap(export: $0, record: $0, reason: $0) }
        var reports = ReportSet.sample(Self.hostile.count, gaps: spots) { item, index in
            let text = Self.hostile[index]
            (item.namespace, item.claim, item.storageClass, item.path) = (text, text, text, text)
            (item.reason, item.state, item.hold) = (text, text, text)
            for hook in item.hooks.indices {
                (item.hooks[hook].name, item.hooks[hook].message, item.hooks[hook].output) = (text, text, text)
            }
        }
        reports.backups?.cluster = Self.hostile[0]
        try await visit(reports) { browser in
            #expect(try await browser.run("return document.title") == "Backups and usage")
            let count =
                "return document.querySelectorAll('script, img, style, [onmouseover], [onload], [onerror]').length"
            #expect(try await browser.run(count) == 2, "the page's own style and script")
            let links = "return [...document.links].every(link => link.getAttribute('href').startsWith('#'))"
            #expect(try await browser.run(links) == true)
            let claims = try await browser.texts("#backups tbody th span")
            #expect(claims.contains(Self.hostile[0]) && claims.contains(Self.hostile[2]))
            #expect(claims.contains("a\\u{202e}gpj.exe"))
            try await browser.click("#backups th:nth-child(2) button")
            try await browser.type("<script>", into: "#backups input[type=search]")
            #expect(try await browser.texts("#backups output") == ["2 of 10 rows"])
            #expect(try await browser.run("return document.title") == "Backups and usage")
        }
    }

    @Test("Without scripts the page has all rows, sums and charts")
    func withoutScript() async throws {
        let folder = try TemporaryFolder()
        let page = folder.path + "/page.html"
        try Data(ReportDocument(ReportSet.sample(300)).html()).write(to: URL(filePath: page))
        try await Browser.run { browser in
            try await browser.setScripts(false)
            try await browser.open("file://" + page)
            let seen = "return [...document.querySelectorAll(arguments[0])].filter(row => row.offsetHeight > 0).length"
            #expect(try await browser.run(seen, ["#backups tbody tr"]) == 300)
            #expect(try await browser.run(seen, [".tools"]) == 0)
            #expect(try await browser.texts("#backups tfoot [data-sum]").count == 3)
            #expect(try await browser.texts(".plot svg").count == 2)
        }
    }

    @Test("On a phone nothing but tables is wider than the screen; dark and light differ")
    func phone() async throws {
        try await visit(ReportSet.sample(50, gaps: [ReportGap(export: "nas1:/srv", reason: "no answer")])) {
            browser in
            try await browser.show(width: 360, height: 700)
            #expect(try await browser.run("return document.documentElement.scrollWidth <= innerWidth") == true)
            let colour = "return getComputedStyle(document.body).backgroundColor"
            let light = try await browser.run(colour)
            try await browser.show(width: 360, height: 700, isDark: true)
            #expect(try await browser.run(colour) != light)
        }
    }

    @Test("At 1280 pixels every column is in sight, however long a name is")
    func longNames() async throws {
        var reports = ReportSet.sample(50)
        let long = String(repeating: "postgres-data-", count: 14)
        reports.backups?.items[0].claim = long
        reports.backups?.items[1].claim = String(long.filter { $0 != "-" })
        reports.backups?.items[1].storageClass = long
        try await visit(reports) { browser in
            try await browser.show(width: 1280, height: 800)
            let hidden =
                "const box = document.querySelector('#backups .scroll'); return box.scrollWidth - box.clientWidth"
            let pixels = try await browser.run(hidden)
            #expect(pixels == 0, "\(pixels) pixels are out of sight")
        }
    }

    @Test("Ten thousand volumes and archives stay usable")
    func large() async throws {
        let reports = ReportSet.sample(10_000)
        let html = ReportDocument(reports).html()
        #expect(html.count < 25_000_000)
        try await visit(reports) { browser in
            try await browser.click("#backups th:nth-child(6) button")
            try await browser.type("registry", into: "#backups input[type=search]")
            #expect(try await browser.texts("#backups tbody tr").count == 200)
        }
    }
}
