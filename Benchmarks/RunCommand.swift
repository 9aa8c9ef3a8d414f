import ArgumentParser
import Foundation

/// Measures, prints a table, and writes the same as JSON and into a document.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Measure, and print the figures as a table."
    )

    @Argument(help: "What to measure; all of it if nothing is named.")
    var measurements: [Measurement] = []

    @Option(help: "How much of everything: small (a minute), standard or full.")
    var size = BenchSize.standard

    @Option(help: "How often what can be repeated is measured; the median counts.")
    var runs = 3

    @Option(help: "Where to write the figures as JSON.")
    var json: String?

    @Option(help: "A Markdown document whose part between the markers is replaced by the figures.")
    var document: String?

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs is \(runs): use 1 or more") }
    }

    func run() async throws {
        let bench = try await Bench(size: size, runs: runs)
        var figures = Figures { name, value in
            bench.say("\(name.rawValue) \(value.short) \(name.definition(at: bench.size).unit)")
        }
        var failure: (any Error)?
        do {
            for measurement in Measurement.allCases where measurements.isEmpty || measurements.contains(measurement) {
                bench.say("measuring: \(measurement.rawValue)")
                try await measurement.take(on: bench, into: &figures)
            }
        } catch {
            failure = error
        }
        await bench.close()
        let report = BenchReport(machine: try await Machine(bed: bench.bed), size: size, figures: figures)
        // What was measured before a failure is not lost.
        print(report.table)
        if let json { try report.json.write(toFile: json, atomically: true, encoding: .utf8) }
        if let failure { throw failure }
        let missing = FigureName.allCases.filter { figures.values[$0] == nil }.map(\.rawValue)
        guard missing.isEmpty || !measurements.isEmpty else {
            throw BenchFailure(description: "not measured: \(missing.joined(separator: ", "))")
        }
        if let document { try report.replace(in: URL(filePath: document)) }
    }
}

extension Measurement: ExpressibleByArgument {}
extension BenchSize: ExpressibleByArgument {}
