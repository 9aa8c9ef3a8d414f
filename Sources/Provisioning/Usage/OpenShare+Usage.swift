import Kubernetes
import NFS

extension ShareConnection {
    /// The usage of each volume and archive on the share over time, as every cluster that uses the share measured it.
    ///
    /// - Returns: By the volume's name, which is the archive's id; empty if nothing was ever measured.
    /// - Throws: `NFSError` if the share does not answer; ``ShareError`` naming a ledger that cannot be read;
    ///   ``UnusedShare``.
    package func usageHistories() async throws -> [String: UsageHistory] {
        try await open { share in try await share.usageHistories() }
    }

    /// Opens the ledger of the cluster that this process works for, so that measurements can be added.
    ///
    /// - Parameter cluster: The uid of its namespace `kube-system`.
    /// - Returns: The ledger, with what an earlier leader left in its journal.
    /// - Throws: `NFSError` if the share does not answer; ``ShareError`` if the ledger is broken.
    package func usageLedger(of cluster: String) async throws -> UsageLedger {
        try await open { share in try await share.usageLedger(of: cluster) }
    }
}

extension OpenShare {
    static let ledgerSuffix = ".jsonl"
    static let journalSuffix = ".journal.jsonl"
    private static let ledgerFolder: NFSName = "usage"
    /// A longer file is not one of ours.
    private static let longestLedger: UInt64 = 1 << 30

    func usageHistories() async throws -> [String: UsageHistory] {
        guard let usage = try await ledgerFolder() else { return [:] }
        var (journals, snapshots): ([NFSName], [NFSName]) = ([], [])
        for try await entry in export.entries(of: usage) {
            guard let name = entry.name.string, !name.hasPrefix(Export.temporaryPrefix) else { continue }
            if name.hasSuffix(Self.journalSuffix) {
                journals.append(entry.name)
            } else if name.hasSuffix(Self.ledgerSuffix) {
                snapshots.append(entry.name)
            }
        }
        return try await usageHistories(in: usage, journals: journals, snapshots: snapshots)
    }

    func usageLedger(of cluster: String) async throws -> UsageLedger {
        let own = try await export.lookup(ControllerFolder.name, in: folder.root.handle).handle
        let usage = try await export.ensureDirectory(Self.ledgerFolder, in: own, mode: 0o700)
        return try await UsageLedger(of: cluster, on: self, in: usage.handle)
    }

    /// The folder of the ledgers; nil on a share on which nothing was measured yet.
    func ledgerFolder() async throws -> FileHandle? {
        let own = try await export.lookup(ControllerFolder.name, in: folder.root.handle).handle
        return try await export.lookupIfPresent(Self.ledgerFolder, in: own)?.handle
    }

    /// Reads journals first: what leaves one meanwhile is then in the snapshot.
    func usageHistories(
        in folder: FileHandle,
        journals: [NFSName],
        snapshots: [NFSName]
    ) async throws -> [String: UsageHistory] {
        var histories: [String: UsageHistory] = [:]
        for (names, mayBeTorn) in [(journals, true), (snapshots, false)] {
            for name in names {
                let path = "\(ControllerFolder.name)/\(Self.ledgerFolder)/\(name) on \(address)"
                guard let reader = try await readLedger(name, in: folder) else { continue }
                try reader.finish(path, mayBeTorn: mayBeTorn)
                histories.merge(reader.samples.mapValues { UsageHistory(samples: $0) }) { $0.merging($1) }
            }
        }
        return histories
    }

    /// - Returns: nil if it is not there.
    private func readLedger(_ name: NFSName, in folder: FileHandle) async throws(NFSError) -> UsageLedgerReader? {
        var triesLeft = 3
        while true {
            guard let file = try await export.lookupIfPresent(name, in: folder) else { return nil }
            var reader = UsageLedgerReader()
            do {
                try await export.readParts(of: file, named: name, limit: Self.longestLedger) { reader.take($0) }
                return reader
            } catch let error where error.code == .stale && triesLeft > 1 {
                // Another file has replaced it.
                triesLeft -= 1
            }
        }
    }
}
