import Foundation
import Testing

@Suite("The page of rules matches the code and the tests")
struct RulesTests {
    @Test("Each id appears once")
    func unique() throws {
        let ids = try RulesPage().rules.map(\.id)
        #expect(!ids.isEmpty)
        for (id, rows) in Dictionary(grouping: ids, by: { $0 }) {
            #expect(rows.count == 1, "docs/rules.md has \(rows.count) rows for \(id): give a rule of its own a new id")
        }
    }

    @Test("Every cited id is on the page", arguments: ["Sources", "Tests"])
    func cited(folder: String) throws {
        let page = try RulesPage()
        let ids = page.ids
        for source in try SwiftSource.all(in: folder) {
            for id in page.citations(in: source.text) {
                #expect(ids.contains(id), "\(source.path) cites \(id): add a row to docs/rules.md, or correct the id")
            }
        }
    }

    @Test("A source quotes an id with its content")
    func quoted() throws {
        let page = try RulesPage()
        for source in try SwiftSource.all(in: "Sources") where !page.citations(in: source.text).isEmpty {
            for line in source.text.split(separator: "\n") {
                for id in page.citations(in: String(line)) {
                    #expect(
                        line.contains("\(id): "),
                        "\(source.path) cites \(id) alone: write what it says in about five words behind it, `\(id): …`"
                    )
                }
            }
        }
    }

    @Test("Every rule names a test that exists and cites the rule")
    func proven() throws {
        let page = try RulesPage()
        let suites = Dictionary(grouping: try SwiftSource.all(in: "Tests"), by: \.name)
        for rule in page.rules {
            #expect(!rule.tests.isEmpty, "docs/rules.md names no test for \(rule.id): name one that proves it")
            for name in rule.tests {
                let test = TestName(name)
                let files = (suites[test.suite] ?? []).filter { test.isIn($0) }
                #expect(
                    files.count == 1,
                    "docs/rules.md, \(rule.id): \(files.count) suites are named \(name); correct it, or put the target first"
                )
                guard let file = files.first else { continue }
                guard let text = file.test(test.function) else {
                    Issue.record("docs/rules.md, \(rule.id): \(file.path) has no test \(name); correct the name")
                    continue
                }
                let isCited = page.citations(in: text).contains(rule.id)
                #expect(isCited, "\(name) does not cite \(rule.id): put the id into its title, or off docs/rules.md")
            }
        }
    }
}

/// A test as the page names it.
private struct TestName {
    let target: String?
    let suite: String
    let function: String?

    init(_ name: String) {
        let path = name.split(separator: "/", maxSplits: 1)
        target = path.count == 2 ? String(path[0]) : nil
        let parts = (path.last ?? "").split(separator: ".", maxSplits: 1)
        suite = String(parts.first ?? "")
        function = parts.count == 2 ? String(parts[1]) : nil
    }

    func isIn(_ source: SwiftSource) -> Bool {
        target.map { source.path.hasPrefix("Tests/\($0)/") } ?? true
    }
}
