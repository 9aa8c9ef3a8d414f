import ArgumentParser
import Backup

/// The hidden subcommand with which the controller starts a hook's program; see `ExecGuard`.
struct ExecGuardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: ExecGuard.commandName, shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough)
    var command: [String]

    func run() async throws {
        try await ExecGuard.run(command)
    }
}
