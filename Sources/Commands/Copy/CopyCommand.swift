import ArgumentParser
import Backup

struct CopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "List, verify and restore the copies that copy hooks made.",
        discussion: """
            The destinations are those of the hooks in the file that --config or CONFIG_FILE names; --from names one of \
            them, or another.

            Exit codes: 0 success, and every copy is intact; 1 failure; 2 unusable settings; 64 the command line is \
            wrong, or restore needs --yes.
            """,
        subcommands: [CopyListCommand.self, CopyVerifyCommand.self, CopyRestoreCommand.self]
    )
}

struct CopyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the copies by destination, without reading their contents.",
        discussion: """
              sb-nfs-provisioner copy list --config config.yaml --namespace clinic
              sb-nfs-provisioner copy list --from nas2:/srv/backup --output json
            """
    )

    @OptionGroup var options: CopyOptions

    @Option(name: .shortAndLong, help: "Only those of claims in this namespace.")
    var namespace: String?

    @Option(help: "Only those of claims with this name.")
    var claim: String?

    func run() async throws {
        try await options.withCopies { inUse in
            let wanted = inUse.copies.map { CopyListing($0) }.filter { copy in
                (namespace ?? copy.namespace) == copy.namespace && (claim ?? copy.claim) == copy.claim
            }
            try options.output.print(CopyListing.Document(copies: wanted))
            guard inUse.failures.isEmpty else { throw ConfigurationError(inUse.failures) }
        }
    }
}

struct CopyVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read copies in full and compare them with their manifests.",
        discussion: """
            Changes nothing. The exit code is 3 if a copy is not intact or missing, and 1 if copies could not be read; \
            standard error has a sentence for each. A copy in progress is neither.

              sb-nfs-provisioner copy verify --config config.yaml
              sb-nfs-provisioner copy verify --from nas2:/srv/backup pvc-3f0c2a51
            """
    )

    @OptionGroup var options: CopyOptions

    @Argument(help: "Only the copies of these archives, as copy list names them.")
    var ids: [String] = []

    func run() async throws {
        try await options.withCopies { inUse in
            var problems: [String] = []
            let wanted = inUse.copies.filter { copy in ids.isEmpty || ids.contains(where: copy.isOf) }
            var listings: [CopyListing] = []
            try await Progress.shown { progress in
                for (index, copy) in wanted.enumerated() {
                    let problem = try await copy.verify { bytes in
                        progress.show(
                            "reading copy \(index + 1) of \(wanted.count): \(bytes >> 20) of \((copy.bytes ?? 0) >> 20) MiB"
                        )
                    }
                    if let problem { problems.append(problem) }
                    listings.append(CopyListing(copy, problem: problem))
                }
            }
            try options.output.print(CopyListing.Document(copies: listings))
            for id in ids where !wanted.contains(where: { $0.isOf(id) }) {
                problems.append("there is no copy of \(id) at \(inUse.places)")
            }
            guard problems.isEmpty else {
                throw ExitCode.problemsFound.saying(ConfigurationError(problems + inUse.failures))
            }
            guard inUse.failures.isEmpty else { throw ConfigurationError(inUse.failures) }
        }
    }
}
