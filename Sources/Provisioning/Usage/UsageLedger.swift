import Kubernetes
import NFS

/// Measurements of one cluster on a share, kept in the controller's folder there: `usage/<cluster>.jsonl`, a line per
/// volume, replaced as a whole at the end of a round, and `usage/<cluster>.journal.jsonl`, a line per measurement, so
/// that a round that is cut short is not lost. Only the process that leads writes them.
package struct UsageLedger: Sendable {
    /// The newest sample of each volume and archive.
    package private(set) var latest: [String: UsageSample]

    private let share: OpenShare
    private let folder: FileHandle
    private let names: Names
    private var journal: Journal?

    private struct Names {
        let snapshot: NFSName
        let journal: NFSName
    }

    private struct Journal {
        let file: FileHandle
        var size: UInt64
    }

    /// Opens the ledger, and moves what a round that was cut short left in its journal into the snapshot.
    ///
    /// - Throws: `NFSError` if the share does not answer; ``ShareError`` if the ledger is broken, which changes
    ///   nothing.
    init(of cluster: String, on share: OpenShare, in folder: FileHandle) async throws {
        self.share = share
        self.folder = folder
        names = Names(
            snapshot: try NFSName(cluster + OpenShare.ledgerSuffix),
            journal: try NFSName(cluster + OpenShare.journalSuffix)
        )
        let histories = try await share.usageHistories(
            in: folder,
            journals: [names.journal],
            snapshots: [names.snapshot]
        )
        latest = histories.compactMapValues(\.latest)
        if try await share.export.lookupIfPresent(names.journal, in: folder) != nil { try await replace(by: histories) }
    }

    /// Appends a measurement; it is on the server's disk when this returns.
    ///
    /// - Throws: ``ShareError`` for a volume whose name no ledger can hold; `NFSError` if it could not be written.
    package mutating func append(_ sample: UsageSample, of volume: String) async throws {
        guard UsageLine.canName(volume) else {
            throw ShareError(
                "\(volume.debugDescription) on \(share.address) is not a volume's name; it was not measured"
            )
        }
        var journal = try await openJournal()
        let header = journal.size == 0 ? UsageLine.header + [UInt8(ascii: "\n")] : []
        let bytes = header + UsageLine(volume: volume, samples: [sample]).bytes
        try await share.export.writeAll(bytes, to: journal.file, at: journal.size)
        journal.size += UInt64(bytes.count)
        self.journal = journal
        latest[volume] = sample
    }

    /// Ends a round: moves the journal into the snapshot, thins the histories, and drops those that nobody needs.
    ///
    /// - Parameter kept: The names of the volumes, and of the archives that they became, that still exist.
    /// - Throws: As when it was opened; the journal stays then.
    package mutating func close(keeping kept: Set<String>) async throws {
        guard journal != nil || !latest.keys.allSatisfy(kept.contains) else { return }
        let histories = try await share.usageHistories(
            in: folder,
            journals: [names.journal],
            snapshots: [names.snapshot]
        )
        try await replace(by: histories.filter { kept.contains($0.key) })
    }

    private mutating func replace(by histories: [String: UsageHistory]) async throws {
        let now = Timestamp.now
        var bytes = UsageLine.header + [UInt8(ascii: "\n")]
        for (volume, history) in histories.sorted(by: { $0.key < $1.key }) {
            let samples = history.thinned(at: now).samples
            if !samples.isEmpty { bytes += UsageLine(volume: volume, samples: samples).bytes }
        }
        try await share.export.writeFileAtomically(names.snapshot, in: folder, bytes: bytes)
        try await removeJournal()
        journal = nil
    }

    private func removeJournal() async throws(NFSError) {
        do {
            try await share.export.remove(names.journal, in: folder)
        } catch let error where error.code == .notFound {}
    }

    private func openJournal() async throws -> Journal {
        if let journal { return journal }
        let found = try await share.export.lookupIfPresent(names.journal, in: folder)
        let file: Node
        if let found {
            file = found
        } else {
            file = try await share.export.createFile(names.journal, in: folder, mode: 0o600)
        }
        return Journal(file: file.handle, size: file.attributes.size)
    }
}
