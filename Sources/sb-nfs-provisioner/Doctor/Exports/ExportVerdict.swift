import NFS
import Provisioning

/// What is to be thought of what was seen of one export.
struct ExportVerdict {
    /// What the export is there for.
    enum Purpose: Hashable {
        /// - Parameter remembered: The identities that the cluster's volumes remember of it; nil: it is not known.
        case volumes(remembered: Set<String>?)
        /// Hooks put copies there, for which another user's files will do.
        case copies
    }

    let sight: ExportSight
    let purpose: Purpose
    /// Whether anything was to be written.
    let writes: Bool

    var subject: String { sight.share.description }

    /// From the server's name up.
    var checks: [Check] {
        let server = [name, port, version, mountService, mount, source]
        let share: [Check?] = [identity, space, inodes]
        return server + share.compactMap { $0 } + writing
    }

    /// Why something that needs a mount was not looked at.
    var whyUnseen: String {
        guard case .success = sight.mount else { return "not looked at, because the export is not mounted" }
        return "not looked at, because the server stopped answering"
    }
}
