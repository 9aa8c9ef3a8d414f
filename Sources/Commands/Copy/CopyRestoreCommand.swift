import ArgumentParser
import Backup
import Kubernetes
import NFS
import Presentation
import Provisioning
import Tar

struct CopyRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Turn a copy into an archive, which you can then restore into a claim.",
        discussion: """
            Shows the copy and the share, and asks. The command compares the copy with its manifest while it reads, and \
            unpacks out of sight; the archive appears once it is complete. After an interruption, run it again. The archive \
            gets a new id if the share still has the record of the one that was copied. `archive restore` then \
            restores it into a claim.

              sb-nfs-provisioner copy restore pvc-3f0c2a51 --config config.yaml --dry-run
              sb-nfs-provisioner copy restore pvc-3f0c2a51 --from nas2:/srv/backup \\
                  --export nas1:/srv/kubernetes --yes
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive whose data is lost, as copy list names it.")
    var id: String

    @Option(help: "Only this destination of copies, as server:/path or an absolute path.")
    var from: String?

    @Option(help: "This copy, as copy list names its file. (default: the newest)")
    var file: String?

    @OptionGroup var change: ChangeOptions

    func run() async throws {
        let confirmation = ConfirmationPrompt(command: "copy restore", options: change)
        try confirmation.requireAnswer()
        try await SharesInUse.run(exports, changes: !change.dryRun) { shares in
            try await CopiesInUse.read(shares.hooks, only: from) { inUse in
                let (copy, event) = try choose(from: inUse, of: await origin(on: shares.shares))
                let share = try share(for: event, at: copy.place, of: shares)
                let plan = "create an archive on \(share.address) from the copy of \(id), \(copy.place)"
                guard try confirmation.agrees(to: plan.printable) else { return }
                let record = try await Progress.shown { progress in
                    try await unpack(copy, of: event, on: share, of: shares.cluster.id) { tree in
                        progress.show("restoring \(id): \(tree.files) files, \(tree.bytes >> 20) MiB")
                    }
                }
                print(
                    "created archive \(record.id) from the copy of \(id): \(record.to) on \(share.address);"
                        + " to use it in a claim, run archive restore \(record.id)"
                )
            }
        }
    }

    private func unpack(
        _ copy: StoredCopy,
        of event: HookEvent,
        on share: ShareConnection,
        of cluster: String?,
        onProgress: @escaping @Sendable (UnpackedTree) -> Void
    ) async throws -> ArchiveRecord {
        do {
            return try await share.unpack(
                ArchiveCopy(of: event, at: copy.place),
                cluster: cluster,
                tar: try await copy.tar(),
                onProgress: onProgress
            )
        } catch let error as TarError {
            throw ConfigurationError(
                "copy \(copy.place): it is damaged (\(error)); nothing was restored: copy verify \(id) checks all copies of"
                    + " it, and --file chooses another"
            )
        }
    }

    /// The original of the named archive, if that one was itself made from a copy: the copy names the original.
    private func origin(on shares: [ShareConnection]) async -> String? {
        for share in shares {
            if let origin = try? await share.archiveIfPresent(id)?.copyOf { return origin }
        }
        return nil
    }

    private func choose(from inUse: CopiesInUse, of origin: String?) throws -> (StoredCopy, HookEvent) {
        // The newest copy may be at a destination that cannot be read.
        guard inUse.failures.isEmpty else {
            throw ConfigurationError(inUse.failures + ["nothing was restored; choose a destination with --from"])
        }
        let ids = [id] + (origin.map { [$0] } ?? [])
        let candidates = inUse.copies.filter { copy in
            ids.contains(where: copy.isOf) && (file ?? copy.place) == copy.place
        }
        let complete = candidates.filter { $0.state == .complete }.compactMap { copy in copy.event.map { (copy, $0) } }
        let newest = complete.max { one, other in
            (one.1.requestedAt.seconds, one.0.createdAt?.seconds ?? 0)
                < (other.1.requestedAt.seconds, other.0.createdAt?.seconds ?? 0)
        }
        if let newest { return newest }
        for case .broken(let reason) in candidates.map(\.state) { throw ConfigurationError(reason) }
        throw ConfigurationError("there is no copy of \(id) at \(inUse.places): copy list shows all copies")
    }

    /// The requested share, or the share that the data was on.
    private func share(for event: HookEvent, at place: String, of shares: SharesInUse) throws -> ShareConnection {
        if exports.export != nil, let share = shares.shares.first { return share }
        let origin = ExportPath(server: event.export.server, path: event.export.path)
        if let share = shares.shares.first(where: { $0.address.export == origin }) { return share }
        throw ConfigurationError(
            "copy \(place): its export \(event.export.server):\(event.export.path) is not in use;"
                + " choose the share to restore to with --export server:/path"
        )
    }
}
