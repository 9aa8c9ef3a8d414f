import ArgumentParser
import Backup

struct CopyListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the copies, by destination, without reading them through.",
        discussion: """
              sb-nfs-provisioner copy list --config config.yaml --namespace clinic
              sb-nfs-provisioner copy list --from nas2:/srv/backup --output json
            """
    )

    @OptionGroup var options: CopyOptions

    @Option(help: "Only those of claims in this namespace.")
    var namespace: String?

    @Option(help: "Only those of claims with this name.")
    var claim: String?

    func run() async throws {
        try await options.withCopies { inUse in
            let wanted = inUse.copies.map { CopyListing($0) }.filter { copy in
                (namespace ?? copy.namespace) == copy.namespace && (claim ?? copy.claim) == copy.claim
            }
            try print(CopyListing.render(wanted, as: options.output), terminator: "")
            guard inUse.failures.isEmpty else { throw ConfigurationError(inUse.failures) }
        }
    }
}
