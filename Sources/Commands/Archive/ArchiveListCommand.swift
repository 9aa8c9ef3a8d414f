import ArgumentParser
import Backup
import Kubernetes
import Presentation
import Provisioning

struct ArchiveListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List archives, oldest first.",
        discussion: """
            KEPT UNTIL is when retention expires under the policy of --config; `-` is never.

              sb-nfs-provisioner archive list --namespace clinic --older-than 30d
              sb-nfs-provisioner archive list --state foreign -o json
            """
    )

    @OptionGroup var exports: ExportOptions

    @Option(name: .shortAndLong, help: "Only those of claims in this namespace.")
    var namespace: String?

    @Option(help: "Only those of claims with this name.")
    var claim: String?

    @Option(name: .customLong("class"), help: "Only those of this class.")
    var storageClass: String?

    @Option(help: "Only those in this state: \(ArchiveListing.states.joined(separator: ", ")).")
    var state: String?

    @Option(help: "Only those archived longer ago than this, such as 12h, 30d or 2w.")
    var olderThan: Age?

    @OptionGroup var output: OutputOptions<ArchiveListing.Document>

    /// - Throws: `ValidationError` for an unknown state: an empty list would look healthy.
    func validate() throws {
        guard let state, !ArchiveListing.states.contains(state) else { return }
        throw ValidationError("--state is \"\(state)\": use one of \(ArchiveListing.states.joined(separator: ", "))")
    }

    func run() async throws {
        try await SharesInUse.run(exports, changes: false) { shares in
            let protection = await Self.protection(shares)
            let (listings, failures) = await shares.gather { share in
                ArchiveListing.all(try await share.catalogue(), on: share, of: shares, protection)
            }
            try output.print(ArchiveListing.Document(archives: listings.joined().filter(isWanted)))
            if let failures { throw failures }
        }
    }

    /// Reads from the cluster what KEPT UNTIL depends on. A cluster that does not answer has already been reported.
    private static func protection(_ shares: SharesInUse) async -> ArchiveProtection {
        guard shares.retention != nil, !shares.cluster.hasFailed else { return .none }
        do {
            return try await shares.archiveProtection()
        } catch {
            _ = ExitCode.failure.saying(ConfigurationError("KEPT UNTIL ignores the cluster: \(error)"))
            return .none
        }
    }

    private func isWanted(_ archive: ArchiveListing) -> Bool {
        let before = olderThan.map { Timestamp.now.seconds - $0.seconds }
        return [
            namespace.map { $0 == archive.namespace }, claim.map { $0 == archive.claim },
            storageClass.map { $0 == archive.storageClass }, state.map { $0 == archive.state },
            before.map { limit in archive.archivedAt.map { $0.seconds <= limit } ?? false },
        ].allSatisfy { $0 ?? true }
    }
}
