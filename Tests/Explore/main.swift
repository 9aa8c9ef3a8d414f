import Foundation
import Simulation
import Synchronization

// Explores histories of operations on a simulated share; scripts/explore.sh says how it is used.

let usage = """
    usage: explore pairs [--first OPERATION] [--second OPERATION] [--processes N] [--turns N] [--enough N]
                         [--without kills,faults,deeds] [--cold] [--verbose] [--seconds N]
           explore random --seconds N [--seed N]
           explore operations
           explore history FIRST SECOND PROCESSES SCHEDULE
           explore random-history SEED SCHEDULE
    """

func fail(_ words: String) -> Never {
    FileHandle.standardError.write(Data("\(words)\n".utf8))
    exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())

func value(of option: String) -> String? {
    arguments.firstIndex(of: option).flatMap { arguments.indices.contains($0 + 1) ? arguments[$0 + 1] : nil }
}

func operation(_ name: String?) -> ShareOperation? {
    guard let name else { return nil }
    guard let operation = ShareOperation(rawValue: name) else {
        fail("no operation \(name); there are \(ShareOperation.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return operation
}

func show(_ violation: Findings.Violation) {
    print("--- \(violation.scenario), schedule \"\(violation.schedule)\"")
    for line in violation.trace { print("    \(line)") }
    for line in violation.what { print("  BROKEN: \(line)") }
}

func conclude(_ findings: Findings, _ failures: [String], showsTraces: Bool) -> Never {
    let seconds = Double(clock()) / Double(CLOCKS_PER_SEC)
    for violation in findings.violations where showsTraces { show(violation) }
    for failure in failures { print("not explored: \(failure)") }
    let rate = Int(Double(findings.histories) / seconds)
    print(
        "\(findings.histories) histories (\(findings.equivalent) of them ended early, as they went on like others; \(findings.skipped) more were not"
            + " begun for that reason),"
            + " \(findings.calls) calls, \(Int(seconds)) s of processor time, \(rate) histories a second;"
            + " \(findings.violations.count) break a promise"
    )
    exit(findings.violations.isEmpty && failures.isEmpty ? 0 : 1)
}

let threads = ProcessInfo.processInfo.activeProcessorCount
switch arguments.first {
case "pairs":
    var bounds = Bounds()
    bounds.turns = value(of: "--turns").flatMap { Int($0) } ?? bounds.turns
    let without = Set((value(of: "--without") ?? "").split(separator: ",").map(String.init))
    bounds.crashes = !without.contains("kills")
    bounds.faults = !without.contains("faults")
    bounds.deeds = !without.contains("deeds")
    let isVerbose = arguments.contains("--verbose")
    let first = operation(value(of: "--first")).map { [$0] }
    let second = operation(value(of: "--second")).map { [$0] }
    let jobs = Exploration.pairs(
        of: first ?? ShareOperation.allCases,
        with: second ?? (first == nil ? nil : ShareOperation.allCases),
        processes: value(of: "--processes").flatMap { Int($0) }.map { [$0] } ?? [2, 1],
        isCold: arguments.contains("--cold"),
        bounds: bounds,
        enough: value(of: "--enough").flatMap { Int($0) } ?? 1
    ) { name, found in
        guard isVerbose else { return }
        let schedules = found.violations.map { "\"\($0.schedule)\" \($0.what.joined(separator: "; "))" }
        print("\(name): \(found.histories), \(found.equivalent) early \(schedules.joined(separator: " | "))")
    }
    let limit = value(of: "--seconds").flatMap { Int($0) }.map { Duration.seconds($0) }
    let (findings, failures) = Exploration(jobs, limit: limit).run(threads: threads)
    conclude(findings, failures, showsTraces: !isVerbose)
case "random":
    let seed = value(of: "--seed").flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000_000)
    print("seed \(seed)")
    let seconds = value(of: "--seconds").flatMap { Int($0) } ?? 60
    let jobs = (0..<threads).map { Exploration.random(seed: seed &+ UInt64($0) * 1_000_000) }
    let (findings, failures) = Exploration(jobs, limit: .seconds(seconds)).run(threads: threads)
    conclude(findings, failures, showsTraces: true)
case "operations":
    for operation in ShareOperation.allCases { print(operation.rawValue) }
case "history":
    guard arguments.count == 5, let first = operation(arguments[1]), let second = operation(arguments[2]),
        let processes = Int(arguments[3]), let schedule = Schedule(parsing: arguments[4])
    else { fail(usage) }
    show(Explorer.violation(of: try ShareScenario.pair(first, second, processes: processes), schedule))
case "random-history":
    guard arguments.count == 3, let seed = UInt64(arguments[1]), let schedule = Schedule(parsing: arguments[2]) else {
        fail(usage)
    }
    show(Explorer.violation(of: try ShareScenario.random(seed: seed), schedule))
default: fail(usage)
}
