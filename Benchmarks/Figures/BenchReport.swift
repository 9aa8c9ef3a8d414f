import Foundation

/// The figures of one run of the benchmark, in its formats.
struct BenchReport {
    private struct Row: Codable {
        let name: FigureName
        let what: String
        let unit: String
        let runs: Int
        let values: [Double]
        let median: Double
        /// From the least to the most.
        let spread: Double
        let target: String?
        let isMet: Bool?
    }

    private struct File: Codable {
        let machine: Machine
        let size: BenchSize
        let figures: [Row]
        let steps: [Figures.Step]
    }

    static let begin = "<!-- make bench writes from here -->"
    static let end = "<!-- to here -->"

    private let machine: Machine
    private let size: BenchSize
    private let rows: [Row]
    private let steps: [Figures.Step]

    init(machine: Machine, size: BenchSize, figures: Figures) {
        self.machine = machine
        self.size = size
        steps = figures.steps
        rows = FigureName.allCases.compactMap { name in
            guard let values = figures.values[name] else { return nil }
            let definition = name.definition(at: size)
            return Row(
                name: name,
                what: definition.what,
                unit: definition.unit,
                runs: values.count,
                values: values,
                median: values.median,
                spread: (values.max() ?? 0) - (values.min() ?? 0),
                target: definition.target?.description,
                isMet: definition.target?.isMet(by: values.median)
            )
        }
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let file = File(machine: machine, size: size, figures: rows, steps: steps)
            return String(decoding: try encoder.encode(file), as: UTF8.self) + "\n"
        }
    }

    /// Aligned, for a terminal.
    var table: String {
        let cells = [["FIGURE", "MEDIAN", "SPREAD", "RUNS", "TARGET", "", "WHAT"]] + rows.map(Self.cells)
        let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            zip(row, widths).map { cell, width in cell.padding(toLength: width, withPad: " ", startingAt: 0) }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// For a document.
    var markdown: String {
        var lines = [
            "\(machine.cores) cores (\(machine.processor)), \(machine.memoryGB) GB, \(machine.kernel);"
                + " \(machine.kubernetes), \(machine.nfsServer), \(machine.compiler). Size: \(size.rawValue).",
            "",
            "| figure | what | median | spread | runs | target | met |", "|---|---|---|---|---|---|---|",
        ]
        lines += rows.map { row in
            let cells = Self.cells(row)
            return
                "| `\(cells[0])` | \(row.what) | \(cells[1]) | \(cells[2]) | \(cells[3]) | \(cells[4]) | \(cells[5]) |"
        }
        if !steps.isEmpty {
            lines += [
                "", "| claims at once | volumes/s | processor ms per claim | released/s | processor ms per volume |",
            ]
            lines += ["|---|---|---|---|---|"]
            lines += steps.map { step in
                let release = [step.releasedPerSecond, step.releaseMilliseconds].map { $0?.short ?? "–" }
                return "| \(step.claims) | \(step.provisionedPerSecond.short) | \(step.provisionMilliseconds.short)"
                    + " | \(release[0]) | \(release[1]) |"
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Replaces the part between the markers of a document, and the plot beside it.
    func replace(in document: URL) throws {
        let text = try String(contentsOf: document, encoding: .utf8)
        guard let begin = text.range(of: Self.begin), let end = text.range(of: Self.end),
            begin.upperBound <= end.lowerBound
        else {
            throw BenchFailure(description: "\(document.path()) has no lines \(Self.begin) and \(Self.end)")
        }
        var part = "\n" + markdown + "\n"
        if !steps.isEmpty {
            let plot = document.deletingPathExtension().appendingPathExtension("svg")
            try GrowthPlot(steps: steps).svg.write(to: plot, atomically: true, encoding: .utf8)
            part += "\n![Processor time per claim and volume as the work grows](\(plot.lastPathComponent))\n"
        }
        let replaced = text[..<begin.upperBound] + part + text[end.lowerBound...]
        try String(replaced).write(to: document, atomically: true, encoding: .utf8)
    }

    private static func cells(_ row: Row) -> [String] {
        let unit = row.unit.isEmpty ? "" : " \(row.unit)"
        let verdict = row.isMet.map { $0 ? "yes" : "NO" } ?? ""
        return [
            row.name.rawValue, row.median.short + unit, row.runs > 1 ? row.spread.short : "–", "\(row.runs)",
            row.target.map { $0 + unit } ?? "", verdict, row.what,
        ]
    }
}
