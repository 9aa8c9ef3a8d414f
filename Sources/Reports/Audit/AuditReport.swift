import Kubernetes
import Provisioning

/// What was made, archived, restored, purged, when, why and by whom. Its JSON is what programs may rely on.
package struct AuditReport: Codable, Sendable, Hashable {
    package struct Line: Codable, Sendable, Hashable {
        package var export: String
        package var entry: AuditEntry
    }

    package var version = 1
    package var generatedAt: Timestamp
    package var filter: ReportFilter
    /// Oldest first.
    package var lines: [Line]
    package var blindSpots: [BlindSpot]
}
