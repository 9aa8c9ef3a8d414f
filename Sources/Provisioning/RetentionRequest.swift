import Kubernetes

/// Annotation by which a claim's owner controls the retention of its archive. The volume carries it as long as the
/// claim exists, so that a change counts until the end.
package enum RetentionRequest: String, CaseIterable, Sendable {
    /// How long an archive of the claim is kept, such as `90d`.
    case keepFor = "nfs.smart-bear.eu/keep-for"
    /// How many of the claim's newest archives are kept.
    case keepLast = "nfs.smart-bear.eu/keep-last"

    /// - Parameter shortName: Without the domain, such as `keep-for`.
    package init?(shortName: String) {
        self.init(rawValue: "nfs.smart-bear.eu/" + shortName)
    }

    /// All annotations that the volume carries.
    static let keys = Set(allCases.map(\.rawValue)).union([AnnotationKey.backup])

    static func all(in metadata: ObjectMeta) -> [String: String] {
        (metadata.annotations ?? [:]).filter { keys.contains($0.key) }
    }
}
