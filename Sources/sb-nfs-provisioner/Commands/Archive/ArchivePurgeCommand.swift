import ArgumentParser
import NFS
import Provisioning

struct ArchivePurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract:
            "Remove an archive for good, such as for an erasure request; or every archive that has expired.",
        discussion: """
            Lists what would be deleted; --now deletes it, and only a copy can restore it. The command refuses an archive \
            that is held, that a volume of the cluster lies on, or that needs a backup and has none, by its record or its \
            class. Hooks of beforePurge run first. The archive's record stays, with the time and the reason.

              sb-nfs-provisioner archive purge pvc-3f0c2a51 --reason "erasure request"
              sb-nfs-provisioner archive purge pvc-3f0c2a51 --reason "erasure request" \\
                  --now
              sb-nfs-provisioner archive purge --expired --config config.yaml
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String?

    @Flag(help: "Every archive that has expired under the retention policy of --config, instead of one archive.")
    var expired = false

    @Flag(help: "Remove it now. Without this flag, only say what would be removed.")
    var now = false

    @Flag(help: "Remove it even if it needs a backup and has none.")
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
                    onlyIf: { record in
                        try await shares.requireUnprotected(record, on: share, evenWithoutBackup: withoutBackup)
                        return true
                    },
                    onProgress: { progress.show("purging \(id): \($0.files) files removed") }
                )
            }
            print("\(id) is purged")
        }
    }
}
