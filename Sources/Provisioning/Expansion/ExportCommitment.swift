import Kubernetes

/// The sum of the capacities promised to the volumes on one export.
package enum ExportCommitment {
    /// - Parameters:
    ///   - volumes: All volumes of the cluster.
    ///   - export: The export whose volumes count.
    ///   - plan: The expansion to judge: its volume counts with its new size.
    ///   - others: Expansions that are approved and not done yet: their volumes count with the larger of both sizes.
    /// - Returns: The sum in bytes, as a floating-point number: promises may be many times what there is.
    package static func bytes(
        of volumes: [PersistentVolume],
        on export: ExportPath,
        after plan: ExpansionPlan,
        and others: [ExpansionPlan] = []
    ) -> Double {
        let promised = Dictionary(others.map { ($0.volume.key, $0.size.bytes ?? .max) }, uniquingKeysWith: max)
        return volumes.reduce(Double(plan.size.bytes ?? .max)) { sum, volume in
            guard volume.key != plan.volume.key, let source = volume.spec?.nfs,
                export.isOn(server: source.server),
                export.relativeComponents(of: source.path) != nil
            else { return sum }
            let size = volume.spec?.capacity?["storage"]?.bytes ?? 0
            return sum + Double(max(size, promised[volume.key] ?? 0))
        }
    }
}
