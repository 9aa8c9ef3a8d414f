import ArgumentParser
import Reports

struct ReportUsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Who uses how much, by export, class, namespace and claim.",
        discussion: """
            NFS enforces no limit: what was requested is what was asked for, no more. The controller measures once a day.

              sb-nfs-provisioner report usage --growth-since 30d
              sb-nfs-provisioner report usage --failures-only --format csv -o usage.csv
            """
    )

    @OptionGroup var options: ReportOptions

    @Option(help: "Also tell how much was added since then: a time, a day, or an age such as 30d.")
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
