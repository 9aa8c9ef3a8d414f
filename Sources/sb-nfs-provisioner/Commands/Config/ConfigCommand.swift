import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Look at the configuration.",
        subcommands: [ConfigPrintCommand.self]
    )
}

struct ConfigPrintCommand: ParsableCommand {
    /// How the configuration is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml, json
    }

    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Print every setting and section as in effect, each with where it comes from.",
        discussion: """
              sb-nfs-provisioner config print --config config.yaml
              sb-nfs-provisioner config print -o json

            Takes the flags of controller, and reads the same environment and file. The YAML is a configuration file that \
            says the same.

            Exit codes: 0 everything can be used; 2 something cannot, a line for each mistake.
            """
    )

    @OptionGroup var options: ControllerOptions

    @Option(name: .shortAndLong, help: "yaml or json.")
    var output = Format.yaml

    func run() throws {
        let report: ConfigurationReport
        do {
            let values = try SettingValues(flags: options.values, config: options.exports.config)
            report = ConfigurationReport(try ControllerConfiguration(values), values)
        } catch {
            throw ExitCode.unusableSettings.saying(error)
        }
        print(try output == .json ? report.json : report.yaml, terminator: "")
    }
}
