import ArgumentParser
import Kubernetes
import Presentation
import Reports

/// Makes one report, and writes it to the requested destination.
struct ReportRun {
    let options: ReportOptions

    /// - Parameters:
    ///   - parts: The parts of each share that the report needs.
    ///   - make: Makes the report.
    ///   - judge: Throws an exit code if the report calls for one.
    /// - Throws: The exit code.
    func perform<Made: Report>(
        _ parts: (ReportFilter) -> [ShareReading.Part],
        make: (ReportSources, ReportFilter) -> Made,
        judge: (Made) throws -> Void = { _ in }
    ) async throws {
        try await SharesInUse.run(options.exports, changes: false) { shares in
            let now = Timestamp.now
            let filter = options.filter(now: now)
            let sources = await shares.reportSources(
                parts(filter),
                now: now,
                coversAllExports: options.exports.export == nil
            )
            let report = make(sources, filter)
            try options.output.print(PrintedReport(report: report))
            Self.warn(of: report.gaps)
            try judge(report)
            if sources.isBlind { throw ExitCode.failure }
        }
    }

    /// Prints the first gaps on standard error; the report lists all of them.
    private static func warn(of gaps: [ReportGap]) {
        let shown = 20
        // The command has already reported a cluster that does not answer.
        let spots = gaps.filter { $0.export != nil }
        var lines = spots.prefix(shown).map { "\($0)".printable }
        if spots.count > shown { lines.append("\(spots.count - shown) more could not be read") }
        if !lines.isEmpty { _ = ExitCode.failure.saying(SharesFailed(sentences: lines)) }
    }
}
