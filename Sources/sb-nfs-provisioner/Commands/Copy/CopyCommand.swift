import ArgumentParser

struct CopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "See, check and restore the copies that hooks of the kind copy made.",
        discussion: """
            Destinations are those of the hooks in the file that --config or CONFIG_FILE names; --from takes one of them, or \
            another.

            Exit codes: 0 done, and every copy is whole; 1 not; 2 unusable settings.
            """,
        subcommands: [CopyListCommand.self, CopyVerifyCommand.self, CopyRestoreCommand.self]
    )
}
