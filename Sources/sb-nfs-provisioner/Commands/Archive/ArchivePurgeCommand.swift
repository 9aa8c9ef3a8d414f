import ArgumentParser
import NFS
import Provisioning

struct ArchivePurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract:
            "Remove an archive for good, such as on request of whom its data is about; or all that the policy lets go.",
        discussion: """
            Says what would go; with --now it goes, and cannot be had back but from a copy. What is held, or needs a \
            backup and has none, is refused. Hooks of beforePurge run before. Its record stays, and says when and why.

              sb-nfs-provisioner archive purge pvc-3f0c2a51 --reason "erasure request"
              sb-nfs-provisioner archive purge pvc-3f0c2a51 --reason "erasure request" \\
                  --now
              sb-nfs-provisioner archive purge --expired --config config.yaml
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String?

    @Flag(help: "All that the retention policy of --config lets go now, in the place of one archive.")
    var expired = false

    @Flag(help: "Remove it now. Without this flag, only say what would be removed.")
    var now = false

    @Flag(help: "Remove it also if it needs a backup and has none.")
    var withoutBackup = false

    @Option(
        help: "Why; it goes into the record and the audit log. With --expired the policy's reason stands before it."
    )
    var reason: String?

    @Option(name: .shortAndLong, help: "With --expired: table, json or csv.")
    var output = OutputFormat.table

    func validate() throws {
        guard expired == (id == nil) else { throw ValidationError("name one archive, or give --expired") }
        guard expired || reason != nil else { throw ValidationError("say why with --reason") }
    }

    func run() async throws {
        try await SharesInUse.run(exports) { shares in
            guard let id, let reason else {
                try await ExpiredArchives(shares).purge(now: now, comment: reason, output: output)
                return
            }
            let share = try await shares.share(of: id)
            guard now else {
                let record = try await share.archive(id)
                print("\(record.to) on \(share.address) would be removed; give --now to do it")
                return
            }
            try await Progress.shown { progress in
                try await share.purge(
                    id,
                    reason: reason,
                    evenWithoutBackup: withoutBackup,
                    onProgress: { progress.show("purging \(id): \($0.files) files removed") }
                )
            }
            print("\(id) is purged")
        }
    }
}
