import NFS

/// The admin's settings for all classes.
package struct ProvisionerSettings: Sendable, Hashable {
    /// The name that classes carry as `provisioner` (N1: one name, and further ones).
    package var provisionerName = "nfs.smart-bear.eu/sb-managed-nfs"
    /// Further names whose claims and volumes are handled too, such as that of an earlier provisioner.
    package var additionalProvisionerNames: [String] = []
    /// The export of classes that name none (P3: one process serves many exports).
    package var export: ExportPath?
    /// The options with which the controller itself connects to ``export`` (P6: in the words of nfs(5)).
    package var mountOptions: [String] = []
    /// Exports that no class names any more, but volumes still lie on (R12: only volumes on configured exports).
    package var additionalExports: [ExportPath] = []
    /// Puts the finalizer of KEP-2644 on volumes (V3: the finalizer keeps the volume).
    package var addsFinalizer = true
    /// Lets a placeholder without a value expand to nothing (S2: a placeholder needs a value).
    package var allowsEmptyPlaceholders = false
    /// Lets `delete` delete a directory that was there before its volume (S8: else it is archived).
    package var deletesAdoptedDirectories = false
    /// Lets a claim ask for the archive of another namespace, or of another cluster on the same share.
    package var restoresAcrossNamespaces = false
    /// The nodes that can reach an export, for exports that not all nodes can reach (C8: topologies are honoured).
    package var topologies: [ExportPath: Topology] = [:]
    /// The most that an export's volumes may be promised, as a multiple of its size (E2: no expansion beyond the
    /// limit); nil: no limit.
    package var expansionOvercommitLimit: Double?

    package init() {}

    /// The name of the Lease that a provisioner's replicas elect a leader by (L1: one replica works at a time).
    package static func lockName(of provisioner: String) -> String {
        provisioner.lowercased().replacing("/", with: "-")
    }

    /// The lock names of all our provisioner names.
    package var lockNames: [String] {
        Set(([provisionerName] + additionalProvisionerNames).map(Self.lockName)).sorted()
    }

    package func knows(_ provisioner: String) -> Bool {
        provisioner == provisionerName || additionalProvisionerNames.contains(provisioner)
    }
}
