import ArgumentParser

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "See and look after the archives on the shares.",
        discussion: """
            An archive is the directory of a volume whose claim was deleted, and has the volume's name as its id. The \
            exports looked at are those of the settings (NFS_SERVER and NFS_PATH, additional exports), of the cluster's \
            classes, and of its volumes.

            Exit codes: 0 done; 1 not done, or not on every export; 2 unusable settings; of verify also 3, problems found.
            """,
        subcommands: [
            ArchiveListCommand.self, ArchiveShowCommand.self, ArchiveHoldCommand.self, ArchiveReleaseHoldCommand.self,
            ArchivePurgeCommand.self, ArchiveRestoreCommand.self, ArchiveVerifyCommand.self,
        ]
    )
}
