import ArgumentParser
import Presentation
import Provisioning

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "List, hold, purge, restore and verify the archives on the shares.",
        discussion: """
            An archive is the directory of a volume whose claim was deleted; its id is the volume's name. The commands use \
            the exports of the settings (NFS_SERVER and NFS_PATH, additional exports), of the cluster's classes, and of its \
            volumes.

            hold, release-hold, purge and restore show what they will do and ask. --yes skips the question; --dry-run stops \
            before it.

            Exit codes: 0 done; 1 not done, or not on every export; 2 unusable settings; 64 the command line is wrong, or \
            --yes is missing without a terminal; verify also 3: problems found.
            """,
        subcommands: [
            ArchiveListCommand.self, ArchiveShowCommand.self, ArchiveHoldCommand.self, ArchiveReleaseHoldCommand.self,
            ArchivePurgeCommand.self, ArchiveRestoreCommand.self, ArchiveVerifyCommand.self,
        ]
    )
}

struct ArchiveHoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Protect an archive from being purged.",
        discussion: """
            Until you release the hold, neither the retention policy nor `archive purge` removes the archive, and no claim \
            can move it into a volume.

              sb-nfs-provisioner archive hold pvc-3f0c2a51 --reason "court order"
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    @Option(help: "The reason, kept in the record and the audit log.")
    var reason: String

    @OptionGroup var change: ChangeOptions

    func run() async throws {
        try await HoldChange(isPlaced: true, exports: exports, id: id, change: change).perform { archive in
            "hold archive \(archive): \(reason)"
        } body: { share in
            try await share.hold(id, reason: reason)
            print("archive \(id) is held")
        }
    }
}

struct ArchiveReleaseHoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release-hold",
        abstract: "Release the hold on an archive.",
        discussion: """
            An archive that has expired by then is purged at the next run of the retention policy.

              sb-nfs-provisioner archive release-hold pvc-3f0c2a51 --reason "case closed"
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    @Option(help: "The reason, kept in the record and the audit log.")
    var reason: String

    @OptionGroup var change: ChangeOptions

    func run() async throws {
        try await HoldChange(isPlaced: false, exports: exports, id: id, change: change).perform { archive in
            "release the hold on archive \(archive): \(reason)"
        } body: { share in
            try await share.releaseHold(id, reason: reason)
            print("archive \(id) is no longer held")
        }
    }
}

/// Finds an archive, asks, and places or releases its hold.
private struct HoldChange {
    let isPlaced: Bool
    let exports: ExportOptions
    let id: String
    let change: ChangeOptions

    /// - Parameters:
    ///   - plan: Says what the command will do, given the archive's description.
    ///   - body: Performs the change.
    /// - Throws: The exit code.
    func perform(plan: (String) -> String, body: (ShareConnection) async throws -> Void) async throws {
        let command = isPlaced ? "archive hold" : "archive release-hold"
        let confirmation = ConfirmationPrompt(command: command, options: change)
        try confirmation.requireAnswer()
        try await SharesInUse.run(exports, changes: !change.dryRun) { shares in
            let share = try await shares.share(of: id)
            let archive = try await share.archive(id)
            try archive.requireHoldChange(isPlaced: isPlaced, on: share.address)
            if try confirmation.agrees(to: plan(archive.description(on: share)).printable) { try await body(share) }
        }
    }
}

extension ArchiveRecord {
    /// Describes the archive in a plan: its id, its claim and its place.
    func description(on share: ShareConnection) -> String {
        let owner = claim.map { " of claim \($0.namespace)/\($0.name)" } ?? ""
        return "\(id)\(owner) (\(to) on \(share.address))"
    }
}

struct ArchiveShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print an archive's record.",
        discussion: """
            The record has the archive's claim, origin and location, when and why it was archived, and the results of \
            hooks.

              sb-nfs-provisioner archive show pvc-3f0c2a51
              sb-nfs-provisioner archive show pvc-3f0c2a51 -o yaml
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    @OptionGroup var output: OutputOptions<ArchiveRecord>

    func run() async throws {
        try await SharesInUse.run(exports, changes: false) { shares in
            try output.print(try await shares.share(of: id).archive(id))
        }
    }
}

extension ArchiveRecord: Printable {
    static let formats: [OutputFormat] = [.json, .yaml]
}
