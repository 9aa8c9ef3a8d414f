import ArgumentParser

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "See and look after the archives on the shares.",
        subcommands: [
            ArchiveListCommand.self, ArchiveShowCommand.self, ArchiveHoldCommand.self, ArchiveReleaseHoldCommand.self,
            ArchivePurgeCommand.self, ArchiveRestoreCommand.self, ArchiveVerifyCommand.self,
        ]
    )
}
