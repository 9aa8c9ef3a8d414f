import Kubernetes
import NFS

/// Finds free names for archives in an export's root. NFS silently renames onto an empty directory, so a name must be
/// unused on the share, in the records, and by other work of this process.
struct ArchiveNames {
    let share: OpenShare

    /// Reserves a name for a released volume's archive, to be given back once it is used on the share.
    func take(for plan: ReclaimPlan, id: String) async throws -> String {
        let basename = plan.path.names.last ?? ""
        let uid = String((plan.volume.metadata.uid ?? "").prefix(8))
        return try await take(ArchiveName.name(for: basename), else: basename, uid, id: id)
    }

    /// Reserves `preferred`, or else a name made of `basename`, the time and `suffix`.
    func take(_ preferred: String, else basename: String, _ suffix: String, id: String) async throws -> String {
        let time = Timestamp.now.description.filter { $0 != "-" && $0 != ":" }
        for name in [preferred, ArchiveName.name(for: basename, suffix: "\(time)-\(suffix)")] {
            guard share.archiveNames.take(name) else { continue }
            do {
                if try await isFree(name, for: id) { return name }
            } catch {
                share.archiveNames.giveBack(name)
                throw error
            }
            share.archiveNames.giveBack(name)
        }
        throw ShareError("archive of \(basename) on \(share.address): no free name; will retry")
    }

    /// - Throws: ``ShareError`` if the name was taken on the share while hooks ran.
    func requireFree(_ name: String, after hadHooks: Bool) async throws {
        guard hadHooks,
            try await share.export.lookupIfPresent(try NFSName(name), in: share.folder.root.handle) != nil
        else { return }
        throw ShareError("archive name \(name) on \(share.address) was taken while hooks ran; will retry with another")
    }

    private func isFree(_ name: String, for id: String) async throws -> Bool {
        guard try await share.export.lookupIfPresent(try NFSName(name), in: share.folder.root.handle) == nil else {
            return false
        }
        // A name that contains the id belongs to no other archive.
        if name.contains(id) { return true }
        return try await !share.index.archives(share.records).contains {
            $0.isOnShare && $0.id != id && $0.name == name
        }
    }
}
