import Kubernetes

/// How much the volumes on one export have been promised.
package enum ExportCommitment {
    /// - Parameters:
    ///   - volumes: All of the cluster.
    ///   - export: Whose are counted.
    ///   - plan: What is to change: its volume counts with its new size.
    /// - Returns: The sum in bytes, as a floating-point number: promises may be many times what there is.
    package static func bytes(
        of volumes: [PersistentVolume],
        on export: ExportPath,
        after plan: ExpansionPlan
    ) -> Double {
        volumes.reduce(Double(plan.size.bytes ?? .max)) { sum, volume in
            guard volume.key != plan.volume.key, let source = volume.spec?.nfs, source.server == export.server,
                export.relativeComponents(of: source.path) != nil
            else { return sum }
            return sum + Double(volume.spec?.capacity?["storage"]?.bytes ?? 0)
        }
    }
}
