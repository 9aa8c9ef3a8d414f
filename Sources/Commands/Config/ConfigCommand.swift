import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the configuration.",
        subcommands: [ConfigPrintCommand.self]
    )
}

struct ConfigPrintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Print every setting and section in effect, and where each comes from.",
        discussion: """
              sb-nfs-provisioner config print --config config.yaml
              sb-nfs-provisioner config print -o json

            Takes the flags of controller, and reads the same environment and file. The YAML is a configuration file with \
            the same effect.

            Exit codes: 0 the configuration is usable; 2 it is not, with a line for each mistake.
            """
    )

    @OptionGroup var options: ControllerOptions

    @OptionGroup var output: OutputOptions<ConfigurationReport>

    func run() throws {
        let report: ConfigurationReport
        do {
            let values = try SettingValues(flags: options.values, config: options.config)
            report = ConfigurationReport(try ControllerConfiguration(values), values)
        } catch {
            throw ExitCode.unusableSettings.saying(error)
        }
        do { try output.print(report) } catch { throw ExitCode.failure.saying(error) }
    }
}
