import ArgumentParser
import Reports

struct ReportBackupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backups",
        abstract: "Every volume and archive: is it backed up, where is it, when is it purged?",
        discussion: """
              sb-nfs-provisioner report backups --config config.yaml --since 30d
              sb-nfs-provisioner report backups --config config.yaml --failures-only \\
                  --fail-on failed,missing,overdue

            Exit codes: 0 the report was made; 3 --fail-on names something that it found; 1 --fail-on found nothing but not \
            everything could be seen, or no share could be read; 2 unusable settings.
            """
    )

    /// What a job can be alerted by.
    enum Alarm: String, CaseIterable {
        case failed, missing, overdue, unknown

        static let choice = "failed, missing, overdue or unknown"
    }

    @OptionGroup var options: ReportOptions

    @Option(help: "\(Alarm.choice): exit with 3 if anything is; may be given again, or comma-separated.")
    var failOn: [String] = []

    func validate() throws {
        try options.validateStates(BackupItem.states)
        // Such as of a variable that is not set: nothing would ever fail.
        if !failOn.isEmpty, failOn.elements.isEmpty {
            throw ValidationError("--fail-on is empty: use \(Alarm.choice)")
        }
        for word in failOn.elements where Alarm(rawValue: word) == nil {
            throw ValidationError("--fail-on is \"\(word)\": use \(Alarm.choice)")
        }
    }

    func run() async throws {
        try await ReportRun(options: options).perform(
            { _ in [.records, .usage] },
            make: { BackupReport(of: $0, filter: $1) },
            judge: judge
        )
    }

    /// A job that is to be alerted must not take for well what nobody looked at.
    private func judge(_ report: BackupReport) throws(ExitCode) {
        let alarms = failOn.elements
        guard !alarms.isEmpty else { return }
        if alarms.contains(where: { (report.summary.verdicts[$0] ?? 0) > 0 }) { throw .problemsFound }
        if !report.blindSpots.isEmpty { throw .failure }
    }
}
