import ArgumentParser

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Tell what is backed up, what is where, who uses how much, and what was done.",
        discussion: """
            Changes nothing. What could not be seen is in every report, and on standard error. Give the controller's \
            configuration file (--config or CONFIG_FILE): without it no hooks and no retention are known.

            Exit codes: 0 the report was made; 1 no share could be read, or it could not be written; 2 unusable settings; of \
            backups also 3, for --fail-on.
            """,
        subcommands: [ReportBackupsCommand.self, ReportUsageCommand.self, ReportAuditCommand.self]
    )
}
