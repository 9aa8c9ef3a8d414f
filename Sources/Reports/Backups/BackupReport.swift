import Kubernetes

/// Whether everything is backed up, where it is, and what will be purged. Its JSON is what programs may rely on.
package struct BackupReport: Codable, Sendable, Hashable {
    /// What all items come to, also those that ``ReportFilter/failuresOnly`` leaves out.
    package struct Summary: Codable, Sendable, Hashable {
        package var volumes = 0
        /// Those whose data is on a share.
        package var archives = 0
        /// Archives that were purged or became volumes again. They are items only where the filter's states name them.
        package var ended = 0
        /// How many items there are of each verdict, also of those there are none of.
        package var verdicts: [String: Int]
        package var requestedBytes: Int64 = 0
        package var usedBytes: UInt64 = 0
        /// Items that nothing has measured yet, and that ``usedBytes`` is too small by.
        package var unmeasured = 0
        /// What time alone will have purged next, soonest first; five at most.
        package var nextPurges: [Purge] = []

        package init() {
            verdicts = Dictionary(uniqueKeysWithValues: BackupVerdict.allCases.map { ($0.rawValue, 0) })
        }
    }

    package struct Purge: Codable, Sendable, Hashable {
        package var archive: String
        package var keptUntil: Timestamp
    }

    /// Grows when a field changes its meaning or goes; new fields may come at any time.
    package var version = 1
    package var generatedAt: Timestamp
    /// Which cluster asked; nil: unknown.
    package var cluster: String?
    package var filter: ReportFilter
    package var summary: Summary
    /// The worst first.
    package var items: [BackupItem]
    package var blindSpots: [BlindSpot]
}
