import Kubernetes
import NFS

/// Archive that a claim requests its data from (annotation ``AnnotationKey/restoreFrom``).
package struct RestoreRequest: Codable, Sendable, Hashable {
    package enum Mode: String, Codable, CaseIterable, Sendable {
        /// The archive's directory becomes the volume's; the archive no longer exists.
        case move
        /// The volume gets a copy; the archive stays.
        case copy
    }

    /// The archive's id.
    package var archive: String
    package var mode: Mode
}

extension RestoreRequest {
    /// - Returns: nil for a claim that requests no archive.
    /// - Throws: ``PlanError`` if the request cannot be read.
    init?(_ claim: PersistentVolumeClaim) throws(PlanError) {
        guard let archive = claim.metadata.annotations?[AnnotationKey.restoreFrom] else { return nil }
        guard !archive.isEmpty, (try? NFSName(archive + ".json")) != nil else {
            throw PlanError(
                reason: "the annotation \(AnnotationKey.restoreFrom) is \"\(archive)\", which is not an archive's id;"
                    + " archive list shows the ids"
            )
        }
        let word = claim.metadata.annotations?[AnnotationKey.restoreMode] ?? Mode.move.rawValue
        guard let mode = Mode(rawValue: word) else {
            throw PlanError(reason: "the annotation \(AnnotationKey.restoreMode) is \"\(word)\": use move or copy")
        }
        self.init(archive: archive, mode: mode)
    }
}
