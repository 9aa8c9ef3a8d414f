import Presentation

/// A chart of used against requested bytes: one bar per namespace, the largest first.
struct NamespaceChart {
    private struct Bar {
        var title: String
        var namespace: String?
        var requested: Double
        var used: Double
    }

    private static let most = 12
    private let bars: [Bar]

    init(_ reports: ReportSet) {
        var sums: [String: (requested: Double, used: Double)] = [:]
        if let rows = reports.usage?.byNamespace {
            for row in rows {
                let sum = sums[row.namespace ?? ""] ?? (0, 0)
                sums[row.namespace ?? ""] = (
                    sum.requested + Double(row.requestedBytes), sum.used + Double(row.usedBytes)
                )
            }
        } else {
            for item in reports.backups?.items ?? [] {
                let sum = sums[item.namespace ?? ""] ?? (0, 0)
                sums[item.namespace ?? ""] = (
                    sum.requested + Double(item.requestedBytes ?? 0), sum.used + Double(item.usedBytes ?? 0)
                )
            }
        }
        let sorted = sums.map { name, sum in
            Bar(
                title: name.isEmpty ? "no namespace" : name,
                namespace: name.isEmpty ? nil : name,
                requested: sum.requested,
                used: sum.used
            )
        }.sorted { (max($1.requested, $1.used), $0.title) < (max($0.requested, $0.used), $1.title) }
        let rest = sorted.dropFirst(Self.most)
        bars =
            sorted.prefix(Self.most)
            + (rest.isEmpty
                ? []
                : [
                    Bar(
                        title: "\(rest.count.grouped) more",
                        namespace: nil,
                        requested: rest.reduce(0) { $0 + $1.requested },
                        used: rest.reduce(0) { $0 + $1.used }
                    )
                ])
    }

    func write(to writer: inout HTMLWriter) {
        let longest = max(bars.map { max($0.requested, $0.used) }.max() ?? 0, 1)
        writer.element("section", ("class", "card chart")) { writer in
            writer.element("h3", text: "Used against requested")
            writer.element("p", ("class", "note"), text: "By namespace. NFS does not enforce requests.")
            guard !bars.isEmpty else {
                writer.element("p", ("class", "none"), text: "None.")
                return
            }
            writer.element("ul", ("class", "legend")) { writer in
                writer.element("li", ("class", "requested"), text: "requested")
                writer.element("li", ("class", "used"), text: "used")
                writer.element("li", ("class", "excess"), text: "used beyond the request")
            }
            writer.element("ul", ("class", "bars")) { writer in
                for bar in bars { write(bar, longest, &writer) }
            }
        }
    }

    private func write(_ bar: Bar, _ longest: Double, _ writer: inout HTMLWriter) {
        func width(_ bytes: Double) -> String { "\((bytes / longest * 1000).rounded() / 10)" }
        writer.element("li") { writer in
            if let namespace = bar.namespace {
                writer.element(
                    "a",
                    ("href", "#backups"),
                    ("data-filter-of", "backups"),
                    ("data-column", "Namespace"),
                    ("data-value", namespace),
                    text: namespace
                )
            } else {
                writer.element("span", text: bar.title)
            }
            writer.element("span", ("class", "n")) { writer in
                writer.element("b", text: "\(ByteCount(bytes: bar.used))")
                writer.text(" of \(ByteCount(bytes: bar.requested))")
            }
            writer.bar { writer in
                writer.element("rect", ("class", "track"), ("width", "100"), ("height", "10"))
                writer.element("rect", ("class", "requested"), ("width", width(bar.requested)), ("height", "10"))
                writer.element(
                    "rect",
                    ("class", "used"),
                    ("width", width(min(bar.used, bar.requested))),
                    ("y", "2"),
                    ("height", "6")
                )
                if bar.used > bar.requested {
                    writer.element(
                        "rect",
                        ("class", "excess"),
                        ("x", width(bar.requested)),
                        ("y", "2"),
                        ("width", width(bar.used - bar.requested)),
                        ("height", "6")
                    )
                }
            }
        }
    }
}
