import Kubernetes
import NFS

extension ShareConnection {
    /// Measures how much a volume's or an archive's directory tree uses, with so few calls in flight that claims keep
    /// most of the connections' capacity.
    ///
    /// - Returns: nil if the directory does not exist, or disappeared meanwhile.
    /// - Throws: `NFSError` if a directory in it cannot be read; ``ShareError`` if another is in its place.
    package func measure(_ subject: UsageSubject) async throws -> UsageSample? {
        try await open { share in try await share.measure(subject) }
    }
}

extension OpenShare {
    func measure(_ subject: UsageSubject) async throws -> UsageSample? {
        guard let directory = try await directory(of: subject) else { return nil }
        if let usage = try await usageUnlessGone(directory) { return UsageSample(at: .now, usage) }
        guard let again = try await self.directory(of: subject),
            again.attributes.fileid == directory.attributes.fileid
        else { return nil }
        throw ShareError("the handles of \(subject.tree.path) on \(address) went stale while it was measured")
    }

    private func directory(of subject: UsageSubject) async throws -> Node? {
        guard let found = try await locate(subject.tree.path)?.node else { return nil }
        if let fileID = subject.fileID, found.attributes.fileid != fileID {
            throw ShareError(
                "\(subject.tree.path) on \(address) is not the directory of the \(subject.tree.kind)"
                    + " \(subject.name) (file id \(found.attributes.fileid), not \(fileID)), and was not measured;"
                    + " archive verify shows more"
            )
        }
        return found
    }

    private func usageUnlessGone(_ directory: Node) async throws(NFSError) -> TreeUsage? {
        do {
            return try await export.measureTree(directory.handle, callsAtOnce: Export.callsOfLongWork)
        } catch let error where error.code == .stale || error.code == .notFound {
            return nil
        }
    }
}

extension UsageSample {
    fileprivate init(at time: Timestamp, _ usage: TreeUsage) {
        self.init(
            at: time,
            usedBytes: usage.bytes,
            lengthBytes: usage.size,
            files: UInt64(usage.files),
            directories: UInt64(usage.directories)
        )
    }
}
