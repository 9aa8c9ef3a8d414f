import Provisioning

extension SharesInUse {
    /// Proves that the cluster needs an archive no more that an admin wants purged. A claim that asks for it is no
    /// obstacle: the admin named this archive.
    ///
    /// - Throws: ``ShareError`` naming what needs it; ``ConfigurationError`` if the cluster does not answer.
    func requireUnprotected(
        _ archive: ArchiveRecord,
        on share: ShareConnection,
        evenWithoutBackup: Bool
    ) async throws {
        // What is being purged already is whole no more.
        guard archive.state == .archived else { return }
        let protection = try await cluster.archiveProtection(under: settings)
        let purge = "purge archive \(archive.id) on \(share.address)"
        if let use = protection.use(of: archive, on: share.address.export) {
            throw ShareError("\(purge): \(use); delete it first")
        }
        if !evenWithoutBackup, let why = protection.missingBackup(of: archive) {
            throw ShareError("\(purge): \(why); back it up, or use --without-backup")
        }
    }
}
