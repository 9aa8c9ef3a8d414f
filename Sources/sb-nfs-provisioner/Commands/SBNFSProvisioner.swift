import ArgumentParser
import CMalloc
import Foundation

@main
struct SBNFSProvisioner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sb-nfs-provisioner",
        abstract: "Gives a Kubernetes cluster storage from NFS servers it already has.",
        discussion: """
            Without a command it is the controller. Where a pod runs it, the other commands have its settings: \
            `kubectl exec -n sb-nfs-provisioner deploy/sb-nfs-provisioner -- sb-nfs-provisioner archive list`.

            What is asked for is on standard output; what is wrong is on standard error, a sentence a line.

            Exit codes: 0 done; 1 not done, or not on every share; 2 unusable settings; 3 problems found, by commands \
            that look for them; 64 a command line that cannot be read.

            Completion of the command line: --generate-completion-script bash, zsh or fish prints a script for it.
            """,
        version: Version.current,
        subcommands: [
            ControllerCommand.self, ReportCommand.self, ArchiveCommand.self, CopyCommand.self, RecoverCommand.self,
            AdoptCommand.self, DoctorCommand.self, ConfigCommand.self, VersionCommand.self, ExecGuardCommand.self,
        ],
        defaultSubcommand: ControllerCommand.self
    )

    static func main() async {
        // With an arena a thread, the C library would keep much more than the objects of a large cluster take.
        mallopt(M_ARENA_MAX, 1)
        // What is large is given back when it is freed. By itself the limit would rise to what a list of everything takes.
        mallopt(M_MMAP_THRESHOLD, 256 << 10)
        await main(nil)
    }
}

extension ExitCode {
    /// A missing or unusable setting (L5: one line each, exit code 2).
    static let unusableSettings = ExitCode(2)

    /// What was looked at is not as it should be.
    static let problemsFound = ExitCode(3)

    /// This exit code, after what is wrong was said on standard error, a line each.
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
