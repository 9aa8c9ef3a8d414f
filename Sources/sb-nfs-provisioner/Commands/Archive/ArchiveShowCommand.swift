import ArgumentParser
import Provisioning
import Reports

struct ArchiveShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print an archive's record.",
        discussion: """
            As JSON: whose it was, from where to where, when and why, what hooks did, and what became of it.

              sb-nfs-provisioner archive show pvc-3f0c2a51
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    func run() async throws {
        try await SharesInUse.run(exports, changes: false) { shares in
            print(try String(json: try await shares.share(of: id).archive(id)))
        }
    }
}
