import Kubernetes

/// Who uses how much. Its JSON is what programs may rely on.
package struct UsageReport: Codable, Sendable, Hashable {
    /// What volumes and archives of one kind come to.
    package struct Row: Codable, Sendable, Hashable {
        /// By what this row was gathered; the others are nil.
        package var export: String?
        package var storageClass: String?
        package var namespace: String?
        package var claim: String?
        package var volumes = 0
        package var archives = 0
        package var requestedBytes: Int64 = 0
        /// Of what has been measured.
        package var usedBytes: UInt64 = 0
        package var files: UInt64 = 0
        package var unmeasured = 0
        /// Against ``UsageReport/growthSince``, of what was measured then; nil: nothing was.
        package var growthBytes: Int64?

        package init() {}
    }

    /// The room on one export.
    package struct Room: Codable, Sendable, Hashable {
        package var export: String
        package var totalBytes: UInt64
        package var freeBytes: UInt64
        package var totalFiles: UInt64
        package var freeFiles: UInt64
    }

    package var version = 1
    package var generatedAt: Timestamp
    package var cluster: String?
    package var filter: ReportFilter
    package var growthSince: Timestamp?
    package var room: [Room]
    package var byExport: [Row]
    package var byClass: [Row]
    package var byNamespace: [Row]
    /// A row a claim, with its namespace.
    package var byClaim: [Row]
    package var blindSpots: [BlindSpot]
}
