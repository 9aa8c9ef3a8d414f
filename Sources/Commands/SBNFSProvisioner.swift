import ArgumentParser
import CMalloc
import Foundation

/// The program's root command.
package struct SBNFSProvisioner: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sb-nfs-provisioner",
        abstract: "Gives a Kubernetes cluster storage from NFS servers it already has.",
        discussion: """
            With no subcommand, runs the controller. In the controller's pod the other commands have its settings: \
            `kubectl exec -n sb-nfs-provisioner deploy/sb-nfs-provisioner -- sb-nfs-provisioner archive list`, or with the \
            plugin for kubectl, `kubectl sb-nfs archive list`.

            Results go to standard output; errors, plans and questions to standard error. A command that changes something \
            shows what it will do and asks. --yes skips the question; --dry-run stops before it.

            Exit codes: 0 done; 1 not done, or not on every share; 2 unusable settings; 3 problems found, by commands \
            that look for them; 64 the command line is wrong, or --yes is missing without a terminal.

            For completion in bash, zsh or fish, --generate-completion-script prints a script.
            """,
        version: Version.current,
        subcommands: [
            ControllerCommand.self, ReportCommand.self, ArchiveCommand.self, CopyCommand.self, RecoverCommand.self,
            AdoptCommand.self, DoctorCommand.self, ConfigCommand.self, VersionCommand.self, ExecGuardCommand.self,
        ],
        defaultSubcommand: ControllerCommand.self
    )

    package init() {}

    /// Runs the command that the process's arguments name, to its end.
    package static func main() async {
        // With one arena per thread, the C library would keep much more memory than the objects of a large cluster
        // take.
        mallopt(M_ARENA_MAX, 1)
        // Freed large blocks go back to the system. The default threshold would adapt, and rise to the size of a full
        // list.
        mallopt(M_MMAP_THRESHOLD, 256 << 10)
        await main(nil)
    }
}

extension ExitCode {
    /// A missing or unusable setting (L5: one line each, exit code 2).
    static let unusableSettings = ExitCode(2)

    /// The command found problems in what it checked.
    static let problemsFound = ExitCode(3)

    /// Prints an error on standard error, line by line, and returns this exit code.
    func saying(_ error: any Error) -> ExitCode {
        for line in "\(error)".split(separator: "\n") {
            FileHandle.standardError.write(Data("sb-nfs-provisioner: \(line)\n".utf8))
        }
        return self
    }
}

/// The program's own version.
enum Version {
    static let current = "0.1.0"
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() {
        print(Version.current)
    }
}
