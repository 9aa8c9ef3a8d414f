import Foundation
import Kubernetes
import TestBed
import Testing

/// What `scripts/torture.sh` asks for, in the environment; without it there is no torture, which needs a bed of its
/// own.
struct TortureSettings: Sendable {
    let seed: UInt64
    let rounds: Int?
    let seconds: Int?
    /// How many faults there are at the same time in the first rounds.
    let together: Int
    /// Claims that are made at once in the end.
    let flood: Int
    let folder: URL

    init?() {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["TORTURE_FOLDER"] else { return nil }
        func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
        self.folder = URL(filePath: folder)
        seed = environment["TORTURE_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64(UInt32.max))
        rounds = number("TORTURE_ROUNDS")
        seconds = number("TORTURE_SECONDS")
        together = number("TORTURE_TOGETHER") ?? 1
        flood = number("TORTURE_FLOOD") ?? 0
    }
}

@Suite("Nothing is lost while everything breaks", .enabled(if: TortureSettings() != nil))
struct TortureTests {
    @Test("After each round of operations and faults the shares, the records and the cluster agree")
    func torture() async throws {
        let settings = try #require(TortureSettings())
        let report = TortureReport(
            TortureReport.Document(seed: settings.seed, rounds: settings.rounds, seconds: settings.seconds)
        )
        var failure: (any Error)?
        do {
            try await Scenario.run { scenario in try await run(settings, scenario, report) }
        } catch {
            failure = error
            report.update { $0.failures.append("\(error)") }
        }
        try report.write(to: settings.folder.appending(path: "report.json"))
        print(report.text)
        let failures = report.snapshot.failures
        let replay =
            "SEED=\(settings.seed) make torture does the same again; logs and report are in \(settings.folder.path())"
        #expect(failures.isEmpty, "\(replay)")
        if let failure { throw failure }
    }

    private func run(_ settings: TortureSettings, _ scenario: Scenario, _ report: TortureReport) async throws {
        let bed = try await TortureBed.open(scenario, folder: settings.folder)
        let credentials = TortureCredentials(bed)
        try await credentials.writeKubeconfig()
        try bed.configuration.write()
        for kind in ClaimKind.allCases { try await bed.createClass(kind) }
        let neighbour = try await scenario.neighbour(on: .neighbour())
        try await neighbour.createClass(ClaimKind.contended.rawValue, parameters: ClaimKind.contended.parameters)
        let run = try TortureRun(bed, neighbour: neighbour, report: report, credentials: credentials)
        var failure: (any Error)?
        do {
            try await run.fleet.start()
            try await run.neighbours.start()
            try await rounds(settings, run)
            if settings.flood > 0 { try await run.flood(settings.flood) }
        } catch {
            failure = error
        }
        await run.fleet.noteMemory()
        let (limit, peak) = (run.fleet.memoryLimit, await run.fleet.peakMemory)
        report.update {
            ($0.memoryLimitBytes, $0.peakMemoryKiB, $0.requestsWithFaults) = (limit?.bytes, peak, bed.api.faults)
        }
        for fleet in [run.fleet, run.neighbours] {
            try await fleet.stop(SIGKILL)
            try await fleet.memoryLimit?.remove()
        }
        try await neighbour.admin.shutdown()
        try await bed.close()
        if let failure { throw failure }
    }

    private func rounds(_ settings: TortureSettings, _ run: TortureRun) async throws {
        var dice = SeededGenerator(seed: settings.seed)
        var model = TortureModel()
        let kinds = TortureFault.allCases.filter { TortureSettings.allows($0) }
        var schedule = TortureFault.schedule(kinds, together: settings.together, using: &dice)
        let end = settings.seconds.map { ContinuousClock.now + .seconds($0) }
        var number = 0
        while settings.rounds.map({ number < $0 }) ?? true, end.map({ .now < $0 }) ?? true {
            if schedule.isEmpty { schedule = TortureFault.schedule(kinds, together: 3, using: &dice) }
            number += 1
            var next = model
            // The first has none: there has to be something to lose.
            let round = TortureRound(
                number,
                kinds: number == 1 ? [] : schedule.removeFirst(),
                model: &next,
                using: &dice
            )
            run.report.update { $0.history.append(round) }
            say("round \(number): \(round.faults.map { "\($0.fault)/\($0.variant)" }.joined(separator: ", "))")
            let start = ContinuousClock.now
            model = try await run.perform(round, leadingTo: next)
            try await run.check(model)
            let failures = run.report.snapshot.failures
            guard failures.isEmpty else { return }
            try run.write(&model, using: &dice)
            run.report.update { $0.roundsDone += 1 }
            say("round \(number) took \((ContinuousClock.now - start).components.seconds) s")
        }
    }

    /// At once, also where the output is no terminal.
    private func say(_ words: String) {
        FileHandle.standardOutput.write(Data((words + "\n").utf8))
    }
}

extension TortureSettings {
    /// `TORTURE_FAULTS` names the only ones that there are to be.
    static func allows(_ fault: TortureFault) -> Bool {
        guard let names = ProcessInfo.processInfo.environment["TORTURE_FAULTS"], !names.isEmpty else { return true }
        return names.split(separator: ",").contains { $0 == fault.rawValue }
    }
}
