import ArgumentParser
import Backup

struct CopyVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read copies through and compare them with their manifests.",
        discussion: """
            Changes nothing. The exit code is 0 if all of them are whole, else 1, and standard error says what is wrong \
            with each that is not. A copy that is being made counts as neither.

              sb-nfs-provisioner copy verify --config config.yaml
              sb-nfs-provisioner copy verify --from nas2:/srv/backup pvc-3f0c2a51
            """
    )

    @OptionGroup var options: CopyOptions

    @Argument(help: "Only the copies of these archives, as copy list names them.")
    var ids: [String] = []

    func run() async throws {
        try await options.withCopies { inUse in
            var problems = inUse.failures
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
            try print(CopyListing.render(listings, as: options.output), terminator: "")
            for id in ids where !wanted.contains(where: { $0.isOf(id) }) {
                problems.append("there is no copy of \(id) at \(inUse.places)")
            }
            guard problems.isEmpty else { throw ConfigurationError(problems) }
        }
    }
}
