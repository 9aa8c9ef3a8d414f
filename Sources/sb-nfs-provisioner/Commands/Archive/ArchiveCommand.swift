import ArgumentParser
import Presentation
import Provisioning

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "See and look after the archives on the shares.",
        discussion: """
            An archive is the directory of a volume whose claim was deleted, and has the volume's name as its id. The \
            exports looked at are those of the settings (NFS_SERVER and NFS_PATH, additional exports), of the cluster's \
            classes, and of its volumes.

            Exit codes: 0 done; 1 not done, or not on every export; 2 unusable settings; of verify also 3, problems found.
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
