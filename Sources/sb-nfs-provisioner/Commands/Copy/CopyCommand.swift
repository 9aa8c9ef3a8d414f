import ArgumentParser

struct CopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "See, check and restore the copies that hooks of the kind copy made.",
        subcommands: [CopyListCommand.self, CopyVerifyCommand.self, CopyRestoreCommand.self]
    )
}
