import Provisioning

/// What `archive verify` found on one share.
struct VerificationReport: Codable, Hashable {
    /// All of it as JSON.
    struct Document: Codable {
        /// Grows when a field changes its meaning or goes; new fields may come at any time.
        var version = 1
        var shares: [VerificationReport]
    }

    /// What one volume or archive takes.
    struct Size: Codable, Hashable {
        var kind: MeasurableTree.Kind
        /// The volume's name, or the archive's id.
        var name: String
        /// Below the export's root.
        var directory: String
        /// On the disk.
        var bytes: UInt64
        var files: Int
    }

    var export: String
    /// Whether the share was compared with the cluster.
    var isClusterAsked: Bool
    /// Records of volumes, and of archives that are on the share, which can be read.
    var volumes: Int
    var archives: Int
    /// Problems first.
    var findings: [Finding]
    /// nil where nothing was measured.
    var sizes: [Size]?

    var hasProblems: Bool { findings.contains { $0.level == .problem } }

    static let header = ["LEVEL", "KIND", "SUBJECT", "BYTES", "FILES", "EXPORT", "MESSAGE"]

    var rows: [[String]] {
        findings.map { [$0.level.rawValue, $0.kind.rawValue, $0.subject, "", "", export, $0.message] }
            + (sizes ?? []).map { size in
                ["size", size.kind.rawValue, size.name, "\(size.bytes)", "\(size.files)", export, size.directory]
            }
    }
}
