import Foundation
import Testing

@Suite("The layout in CONTRIBUTING is that of the package")
struct LayoutTests {
    /// A row of the layout's tables that begins with a target.
    private struct Row {
        let target: String
        let folder: String
        /// nil where the table does not say.
        let imports: Set<String>?

        /// - Returns: nil for a line that is no row of a target.
        init?(_ line: Substring) {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            let spans = cells.map { cell in cell.matches(of: /`([^`]+)`/).map { String($0.1) } }
            guard spans.count > 2, let target = spans[0].first, let folder = spans[1].first else { return nil }
            self.target = target
            self.folder = folder
            imports = spans.count > 3 ? Set(spans[3]) : nil
        }
    }

    private static func rows() throws -> [Row] {
        let file = MarkdownDocument.project.appending(path: "CONTRIBUTING.md")
        let sections = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n## ")
        let layout = try #require(sections.first { $0.hasPrefix("Layout\n") })
        return layout.split(separator: "\n").compactMap { Row($0) }
    }

    @Test("It lists every target, and nothing else")
    func targets() throws {
        let names = Set(try PackageTargets().targets.map(\.name))
        let listed = Set(try Self.rows().map(\.target))
        #expect(!names.isEmpty)
        for name in names.subtracting(listed) {
            Issue.record("CONTRIBUTING.md does not list the target \(name): add a row to its layout")
        }
        for name in listed.subtracting(names) {
            Issue.record("CONTRIBUTING.md lists \(name), which Package.swift does not declare: remove the row")
        }
    }

    @Test("A target of Sources imports only targets above it")
    func order() throws {
        var above: Set<String> = []
        for row in try Self.rows() {
            let below = (row.imports ?? []).subtracting(above)
            #expect(below.isEmpty, "\(row.target) imports \(below.sorted()), which CONTRIBUTING.md has below it")
            above.insert(row.target)
        }
    }

    @Test("It says where each target is, and what those of Sources may import")
    func places() throws {
        let rows = Dictionary(try Self.rows().map { ($0.target, $0) }, uniquingKeysWith: { first, _ in first })
        for target in try PackageTargets().targets {
            guard let row = rows[target.name] else { continue }
            #expect(row.folder == target.folder, "CONTRIBUTING.md says that \(target.name) is in \(row.folder)")
            guard target.folder.hasPrefix("Sources/") else { continue }
            let imports = row.imports ?? []
            #expect(imports == target.dependencies, "CONTRIBUTING.md says what \(target.name) may import; correct it")
        }
    }
}
