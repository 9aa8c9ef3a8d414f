import ArgumentParser

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Tell what is backed up, what is where, who uses how much, and what was done.",
        discussion: "Changes nothing. What could not be seen is in every report, and on standard error.",
        subcommands: [ReportBackupsCommand.self, ReportUsageCommand.self, ReportAuditCommand.self]
    )
}
