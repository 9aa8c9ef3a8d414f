import ArgumentParser
import Provisioning

struct ArchiveReleaseHoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release-hold",
        abstract: "Let an archive that was held be purged again.",
        discussion: """
            What is due by then goes at the next run of the retention policy.

              sb-nfs-provisioner archive release-hold pvc-3f0c2a51 --reason "case closed"
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    @Option(help: "Why; it goes into the record and the audit log.")
    var reason: String

    func run() async throws {
        try await SharesInUse.run(exports) { shares in
            try await shares.share(of: id).releaseHold(id, reason: reason)
            print("\(id) is no longer held")
        }
    }
}
