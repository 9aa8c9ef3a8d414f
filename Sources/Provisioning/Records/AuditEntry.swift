import Kubernetes

/// One line of a share's audit log: what was done to a volume's directory, when, and by which rule. Written before the
/// deed counts as done, so that after a crash a line may stand twice, and never not at all.
package struct AuditEntry: Codable, Sendable, Hashable {
    package enum Deed: String, Codable, Sendable {
        case created, adopted, withdrawn, archived, deleted, retained, missing, held, holdReleased, purged
    }

    package var at: Timestamp
    package var deed: Deed
    package var volume: String
    package var claim: ClaimReference?
    package var path: String
    /// Where it went.
    package var to: String?
    /// The rule, or the reason for an exception from it.
    package var reason: String
}
