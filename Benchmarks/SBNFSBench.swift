import ArgumentParser

@main
struct SBNFSBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sb-nfs-bench",
        abstract: "Measure the controller on the test bed that TESTBED names.",
        subcommands: [RunCommand.self, FloorCommand.self],
        defaultSubcommand: RunCommand.self
    )
}
