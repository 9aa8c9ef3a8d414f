import ArgumentParser
import Provisioning

struct ArchivePurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Remove an archive for good, such as on request of whom its data is about."
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    @Flag(help: "Remove it now. Without this flag, only say what would be removed.")
    var now = false

    @Option(help: "Why; it goes into the record and the audit log.")
    var reason: String

    func run() async throws {
        try await SharesInUse.run(exports) { shares in
            let share = try await shares.share(of: id)
            guard now else {
                let record = try await share.archive(id)
                print("\(record.to) on \(share.address) would be removed; give --now to do it")
                return
            }
            try await share.purge(id, reason: reason)
            print("\(id) is purged")
        }
    }
}
