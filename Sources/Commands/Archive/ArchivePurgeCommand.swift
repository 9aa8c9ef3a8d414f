import ArgumentParser
import NFS
import Presentation
import Provisioning

struct ArchivePurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Delete an archive for good, for example for an erasure request; or every archive that has expired.",
        discussion: """
            Shows what will be deleted, and asks; only a copy can restore it. The command refuses an archive that is held, \
            that a volume of the cluster lies on, or that needs a backup and has none, by its record or its class. Hooks of \
            beforePurge run first. The archive's record stays, with the time and the reason. -o and --output-file \
            apply to the list of --expired.

              sb-nfs-provisioner archive purge pvc-3f0c2a51 --reason "erasure request"
              sb-nfs-provisioner archive purge pvc-3f0c2a51 --reason "erasure request" \\
                  --yes
              sb-nfs-provisioner archive purge --expired --config config.yaml --dry-run
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String?

    @Flag(help: "Every archive that has expired under the retention policy of --config, instead of one archive.")
    var expired = false

    @Flag(help: "Delete the archive even if it needs a backup and has none. Not with --expired.")
    var withoutBackup = false

    @Option(
        help: "The reason, kept in the record and the audit log. With --expired, it follows the policy's reason."
    )
    var reason: String?

    @OptionGroup var change: ChangeOptions

    @OptionGroup var output: OutputOptions<ExpiredArchiveListing.Document>

    func validate() throws {
        guard expired == (id == nil) else {
            throw ValidationError(
                id == nil ? "name one archive, or give --expired" : "name one archive, or give --expired, not both"
            )
        }
        guard expired || reason != nil else { throw ValidationError("give a reason with --reason") }
        guard !expired || !withoutBackup else {
            throw ValidationError(
                "--without-backup needs the name of one archive; --expired keeps archives that lack their backup"
            )
        }
        guard expired || output.isDefault else { throw ValidationError("-o and --output-file need --expired") }
    }

    func run() async throws {
        let confirmation = ConfirmationPrompt(command: "archive purge", options: change)
        try confirmation.requireAnswer()
        // K3: clocks that differ stop retention. They are compared by a file on the share, also for a dry run.
        try await SharesInUse.run(exports, changes: !change.dryRun || expired) { shares in
            guard let id, let reason else {
                try await ExpiredArchives(shares).purge(confirmation, comment: reason, output: output)
                return
            }
            let share = try await shares.share(of: id)
            let archive = try await share.archive(id)
            try archive.requirePurgeable(on: share.address, evenWithoutBackup: withoutBackup)
            try await shares.requireUnprotected(archive, on: share, evenWithoutBackup: withoutBackup)
            let plan = "delete archive \(archive.description(on: share)) for good: \(reason)"
            guard try confirmation.agrees(to: plan.printable) else { return }
            try await purge(id, reason, on: share, of: shares)
            print("archive \(id) is purged")
        }
    }

    private func purge(_ id: String, _ reason: String, on share: ShareConnection, of shares: SharesInUse) async throws {
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
    }
}
