import ArgumentParser
import Provisioning

struct ArchiveHoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Keep an archive from being purged.",
        discussion: """
            Neither the retention policy nor `archive purge` removes it, and no claim gets it moved into a volume, until \
            the hold is released.

              sb-nfs-provisioner archive hold pvc-3f0c2a51 --reason "court order"
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    @Option(help: "Why; it goes into the record and the audit log.")
    var reason: String

    func run() async throws {
        try await SharesInUse.run(exports) { shares in
            try await shares.share(of: id).hold(id, reason: reason)
            print("\(id) is held")
        }
    }
}
