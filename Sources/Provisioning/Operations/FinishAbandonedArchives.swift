import NFS

extension ShareConnection {
    /// Finishes archives whose volume disappeared while they were being made, because an admin removed its finalizer
    /// while a hook kept failing. Nothing else would retry them, and no restore or purge accepts them.
    ///
    /// - Parameter isGone: Whether the cluster certainly has no volume of a name.
    /// - Returns: The ids of the finished archives.
    /// - Throws: `NFSError` if the share does not answer; what `isGone` throws.
    package func finishAbandonedArchives(
        if isGone: (_ volume: String) async throws -> Bool
    ) async throws -> [String] {
        try await open { share in
            var finished: [String] = []
            for found in try await share.index.archives(share.records) where [.intent, .renamed].contains(found.state) {
                guard let archive = try? await share.archiveIfPresent(found.id),
                    archive.isBeingMade(for: share.cluster),
                    try await isGone(archive.volumeName)
                else { continue }
                try await share.withArchive(found.id) { archive in
                    guard archive.isBeingMade(for: share.cluster) else { return }
                    var archive = archive
                    if try await share.isReleaseUndone(archive) {
                        guard let name = try await share.archiveName(of: archive) else {
                            // The directory is another volume's by now, or the admin's: only this release's record
                            // goes.
                            return try await share.records.remove(ArchiveRecord.self, archive.id)
                        }
                        archive.to = name
                    }
                    // Another directory in the place of one archive must not stop the others.
                    let (root, name) = (share.folder.root.handle, try NFSName(archive.to))
                    let node = try await share.export.lookupIfPresent(name, in: root)
                    guard share.isThat(archive.directory, node) else { return }
                    let reason = "\(archive.reason); its volume was removed before the afterArchive hooks ran"
                    _ = try await FinishArchive(share: share).complete(archive, reason)
                    finished.append(archive.id)
                }
            }
            return finished
        }
    }
}

extension ArchiveRecord {
    /// Whether it is being made from a volume of a cluster.
    fileprivate func isBeingMade(for cluster: String?) -> Bool {
        [.intent, .renamed].contains(state) && unpackedFrom == nil && cluster != nil && self.cluster == cluster
    }
}
