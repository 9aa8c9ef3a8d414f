import ArgumentParser
import Provisioning
import Reports

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report on backups, usage and the audit log.",
        discussion: """
            Changes nothing. Every report lists what it could not read, and so does standard error. Give the controller's \
            configuration file (--config or CONFIG_FILE): without it the command knows no hooks and no retention.

            Exit codes: 0 the report was made; 1 no share could be read, or it could not be written; 2 unusable \
            settings; backups also 3, for --fail-on.
            """,
        subcommands: [ReportBackupsCommand.self, ReportUsageCommand.self, ReportAuditCommand.self]
    )
}

struct ReportAuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "List what was created, archived, restored and purged, when, why and by whom; oldest first.",
        discussion: """
              sb-nfs-provisioner report audit --since 2026-01-01 --namespace clinic
              sb-nfs-provisioner report audit --state purged,deleted -o json
            """
    )

    @OptionGroup var options: ReportOptions

    func validate() throws { try options.validateStates(AuditEntry.Action.allCases.map(\.rawValue)) }

    func run() async throws {
        try await ReportRun(options: options).perform(
            { filter in
                let log = ShareReading.Part.audit(since: filter.since, until: filter.until)
                return filter.classes.isEmpty ? [log] : [.records, log]
            },
            make: { AuditReport(of: $0, filter: $1) }
        )
    }
}

struct ReportBackupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backups",
        abstract: "List every volume and archive: whether it is backed up, where it is, when it is purged.",
        discussion: """
              sb-nfs-provisioner report backups --config config.yaml --since 30d
              sb-nfs-provisioner report backups --config config.yaml --failures-only \\
                  --fail-on failed,missing,overdue

            Exit codes: 0 the report was made; 3 it has a verdict that --fail-on names; 1 it has none but not \
            everything could be read, or no share could be read; 2 unusable settings.
            """
    )

    /// The verdicts for which `--fail-on` can fail the command.
    enum Alarm: String, CaseIterable {
        case failed, missing, overdue, unknown

        static let choice = "failed, missing, overdue or unknown"
    }

    @OptionGroup var options: ReportOptions

    @Option(help: "Exit with 3 on one of these verdicts: \(Alarm.choice). May be repeated, or comma-separated.")
    var failOn: [String] = []

    func validate() throws {
        try options.validateStates(BackupItem.states)
        // This happens with an unset variable: the command would never fail.
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

    /// Throws the exit code for `--fail-on`. With gaps in the report the command fails too: what was not read may not
    /// be well.
    private func judge(_ report: BackupReport) throws(ExitCode) {
        let alarms = failOn.elements
        guard !alarms.isEmpty else { return }
        if alarms.contains(where: { (report.summary.verdicts[$0] ?? 0) > 0 }) { throw .problemsFound }
        if !report.gaps.isEmpty { throw .failure }
    }
}

struct ReportUsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Show usage by export, class, namespace and claim.",
        discussion: """
            NFS enforces no limit: a claim can use more than it requested. The controller measures once a day.

              sb-nfs-provisioner report usage --growth-since 30d
              sb-nfs-provisioner report usage --failures-only -o csv \\
                  --output-file usage.csv
            """
    )

    @OptionGroup var options: ReportOptions

    @Option(help: "Also show the growth since then: a time, a day, or an age such as 30d.")
    var growthSince: ReportMoment?

    func validate() throws { try options.validateStates(BackupItem.states) }

    func run() async throws {
        try await ReportRun(options: options).perform(
            { _ in [.records, .usage, .room] },
            make: { sources, filter in
                UsageReport(of: sources, filter: filter, growthSince: growthSince?.start(now: sources.now))
            }
        )
    }
}
