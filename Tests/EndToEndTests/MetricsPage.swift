import Foundation

/// The table of docs/metrics.md.
enum MetricsPage {
    struct Row: Hashable {
        let name: String
        let type: String
        let labels: [String]
        let limit: Int
    }

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func rows() throws -> [Row] {
        let page = try String(contentsOf: repository.appending(path: "docs/metrics.md"), encoding: .utf8)
        return page.matches(of: /(?m)^\| `([a-z_]+)` \| ([a-z]+) \| ([^|]*)\| ([0-9]+) \|/).map { row in
            Row(
                name: String(row.1),
                type: String(row.2),
                labels: row.3.matches(of: /`([a-z]+)`/).map { String($0.1) },
                limit: Int(row.4) ?? 0
            )
        }
    }
}
