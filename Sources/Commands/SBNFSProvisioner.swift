import ArgumentParser
import CMalloc
import Foundation
import Presentation

/// The program's root command.
package struct SBNFSProvisioner: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sb-nfs-provisioner",
        abstract: "Gives a Kubernetes cluster storage from NFS servers it already has.",
        discussion: """
            `controller` runs the controller. In the controller's pod the other commands have its settings: \
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
        ]
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
        if let mistake = UnknownCommand(in: CommandLine.arguments.dropFirst()) { exit(withError: mistake.error) }
        await main(nil)
    }
}

/// A first word that is no command, most often a command mistyped.
struct UnknownCommand {
    let word: String

    /// - Returns: `nil` if the arguments begin with a command or an option, or are none.
    init?(in arguments: ArraySlice<String>) {
        guard let word = arguments.first, !word.hasPrefix("-"), word != "help",
            !SBNFSProvisioner.names.contains(word)
        else { return nil }
        self.word = word
    }

    var error: ValidationError {
        let near = SBNFSProvisioner.names.filter { Self.distance(word, $0) <= 2 }
            .min { Self.distance(word, $0) < Self.distance(word, $1) }
        let hint = near.map { "did you mean \($0)?" } ?? "--help lists the commands"
        return ValidationError("unknown command \"\(word.printable)\": \(hint)")
    }

    /// How many characters have to be inserted, removed or replaced to make one word of the other (Levenshtein).
    private static func distance(_ one: String, _ other: String) -> Int {
        var row = Array(0...other.count)
        for (line, character) in one.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, candidate) in other.enumerated() {
                let replaced = diagonal + (character == candidate ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}

extension SBNFSProvisioner {
    /// The names of all commands.
    static var names: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }
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
