import ArgumentParser
import Backup

/// The flags of the commands that read copies: where they are, and how they are listed.
struct CopyOptions: ParsableArguments {
    @Option(help: "A YAML file of settings, whose hooks name the destinations; or CONFIG_FILE=….")
    var config: String?

    @Option(help: "Only this destination, as server:/path or an absolute path. It may be one that no hook names.")
    var from: String?

    @OptionGroup var output: OutputOptions<CopyListing.Document>

    /// Reads the copies, and closes their destinations after `body`.
    ///
    /// - Throws: The exit code, after the error was printed.
    func withCopies(_ body: (CopiesInUse) async throws -> Void) async throws {
        let configuration: ControllerConfiguration
        do {
            configuration = try ControllerConfiguration(SettingValues(flags: [:], config: config))
        } catch {
            throw ExitCode.unusableSettings.saying(error)
        }
        do {
            try await CopiesInUse.read(configuration.hooks, only: from, body)
        } catch let code as ExitCode {
            throw code
        } catch {
            throw ExitCode.failure.saying(error)
        }
    }
}
