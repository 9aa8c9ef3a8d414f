import ArgumentParser
import Backup
import Kubernetes
import NFS
import Presentation
import Provisioning

struct ArchiveVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare the shares with their records, and both with the cluster.",
        discussion: """
            Changes nothing. Each finding is a line that says what to do.

              sb-nfs-provisioner archive verify
              sb-nfs-provisioner archive verify --export nas1:/srv/k8s --sizes -o json

            Exit codes: 0 no problems; 3 problems found; 1 an export or the cluster could not be read; 2 unusable settings.
            """
    )

    @OptionGroup var exports: ExportOptions

    @Flag(help: "Also measure every volume and archive.")
    var sizes = false

    @OptionGroup var output: OutputOptions<VerificationReport.Document>

    func run() async throws {
        try await SharesInUse.run(exports, changes: false) { shares in
            let before = shares.cluster.volumes
            var (read, failures) = await shares.gather { share in
                let inventory = try await share.inventory { exportID in
                    shares.picture(of: share, exportID, before, before).volumes.map(\.path)
                }
                return (share: share, inventory: inventory)
            }
            let after = try await shares.currentVolumes()
            var reports: [VerificationReport] = []
            for (share, inventory) in read {
                let cluster = shares.cluster.snapshot.map { _ in
                    shares.picture(of: share, inventory.exportID, before, after)
                }
                let verification = ShareVerification(
                    of: inventory,
                    cluster: cluster,
                    others: shares.others(below: share.address.export),
                    now: .now
                )
                let measured = sizes ? await Self.measure(verification.trees, on: share) : nil
                failures = SharesFailed(failures, measured?.failures)
                reports.append(VerificationReport(verification, of: share, sizes: measured?.sizes))
            }
            try output.print(VerificationReport.Document(shares: reports))
            try Self.end(reports, failures, shares.cluster)
        }
    }

    /// - Throws: The exit code, unless everything was read and no problem was found.
    private static func end(
        _ reports: [VerificationReport],
        _ failures: SharesFailed?,
        _ cluster: ClusterReading
    ) throws {
        let isIncomplete = failures != nil || cluster.hasFailed
        if let failures { _ = ExitCode.failure.saying(failures) }
        if reports.contains(where: \.hasProblems) { throw ExitCode.problemsFound }
        if isIncomplete { throw ExitCode.failure }
    }

    /// - Returns: The sizes of the trees, and why others could not be measured.
    private static func measure(
        _ trees: [MeasurableTree],
        on share: ShareConnection
    ) async -> (sizes: [VerificationReport.Size], failures: SharesFailed?) {
        let progress = Progress()
        defer { progress.end() }
        var sizes: [VerificationReport.Size] = []
        var sentences: [String] = []
        for (index, tree) in trees.enumerated() {
            do {
                let text = "measuring \(index + 1) of \(trees.count) on \(share.address)"
                progress.show(text)
                let usage = try await share.usage(of: tree.path) { usage in
                    progress.show("\(text): \(usage.files) files")
                }
                if let usage { sizes.append(VerificationReport.Size(tree, usage)) }
            } catch {
                sentences.append("\(error)")
            }
        }
        return (sizes, sentences.isEmpty ? nil : SharesFailed(sentences: sentences))
    }
}

extension SharesInUse {
    /// The names in an export's root that lead to other exports in use, and to where hooks put copies.
    fileprivate func others(below export: ExportPath) -> Set<NFSName> {
        let exports = configured.shares.map(\.export).filter { export.isOn(server: $0.server) }.map(\.path)
        let copies = hooks.compactMap { hook -> String? in
            guard case .copy(let copy) = hook.action, case .export(let address, _) = copy.to,
                export.isOn(server: address.server)
            else { return nil }
            return address.path
        }
        let names = (exports + copies).compactMap { export.relativeComponents(of: $0)?.first }
        return Set(names.compactMap { try? NFSName($0) })
    }

    /// The cluster's volumes on a share, from two listings.
    fileprivate func picture(
        of share: ShareConnection,
        _ exportID: String,
        _ before: [PersistentVolume],
        _ after: [PersistentVolume]
    ) -> VolumesOnShare {
        VolumesOnShare(
            id: cluster.id,
            before: before,
            after: after,
            on: share.address,
            exportID: exportID,
            among: configured,
            settings: settings
        )
    }
}

extension VerificationReport {
    fileprivate init(_ verification: ShareVerification, of share: ShareConnection, sizes: [Size]?) {
        export = share.address.description
        isClusterAsked = verification.isClusterAsked
        volumes = verification.volumeCount
        archives = verification.archiveCount
        findings = verification.findings
        self.sizes = sizes
    }
}

extension VerificationReport.Size {
    fileprivate init(_ tree: MeasurableTree, _ usage: TreeUsage) {
        kind = tree.kind
        name = tree.name
        directory = tree.path.description
        bytes = usage.bytes
        files = usage.files
    }
}

/// The findings of `archive verify` on one share.
struct VerificationReport: Codable, Hashable {
    /// The whole report as JSON.
    struct Document: Codable {
        /// Increases when a field changes its meaning or is removed; new fields may appear at any time.
        var version = 1
        var shares: [VerificationReport]
    }

    /// The size of one volume or archive.
    struct Size: Codable, Hashable {
        var kind: MeasurableTree.Kind
        /// The volume's name, or the archive's id.
        var name: String
        /// The path below the export's root.
        var directory: String
        /// The space on disk.
        var bytes: UInt64
        var files: Int
    }

    var export: String
    /// Whether the share was compared with the cluster.
    var isClusterAsked: Bool
    /// The numbers of readable records: of volumes, and of archives that are on the share.
    var volumes: Int
    var archives: Int
    /// The findings, problems first.
    var findings: [Finding]
    /// The sizes; nil if nothing was measured.
    var sizes: [Size]?

    var hasProblems: Bool { findings.contains { $0.level == .problem } }

    static let header = ["LEVEL", "KIND", "SUBJECT", "BYTES", "FILES", "EXPORT", "MESSAGE"]

    var rows: [[String]] {
        findings.map { [$0.level.rawValue, $0.kind.rawValue, $0.subject, "", "", export, $0.message] }
            + (sizes ?? []).map { size in
                ["size", size.kind.rawValue, size.name, "\(size.bytes)", "\(size.files)", export, size.directory]
            }
    }
}

extension VerificationReport.Document: PrintableList {
    static let nothing = "Everything is in order."

    var table: Table {
        let sizes: Set = shares.contains { $0.sizes != nil } ? [] : ["BYTES", "FILES"]
        return Table(
            header: VerificationReport.header,
            rows: shares.flatMap(\.rows),
            wide: sizes.union(["EXPORT"]),
            whole: ["SUBJECT"]
        )
    }
}
