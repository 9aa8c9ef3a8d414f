import NFS

/// What the admin decides once, for all classes.
package struct ProvisionerSettings: Sendable, Hashable {
    /// The name that classes carry as `provisioner` (rule N1).
    package var provisionerName = "nfs.smart-bear.eu/sb-managed-nfs"
    /// Further names whose claims and volumes are handled too, such as that of a provisioner before this one.
    package var additionalProvisionerNames: [String] = []
    /// The export of classes that name none (rule P3).
    package var export: ExportPath?
    /// How the controller itself talks to ``export``, in the words of nfs(5) (rule P6).
    package var mountOptions: [String] = []
    /// Exports that no class names any more, but volumes still lie on (rule R3).
    package var additionalExports: [ExportPath] = []
    /// Puts the finalizer of KEP-2644 on volumes (rule V3).
    package var addsFinalizer = true
    /// Lets a placeholder without a value expand to nothing (rule S2).
    package var allowsEmptyPlaceholders = false
    /// Lets `delete` delete a directory that was there before its volume; else it is archived (rule S5).
    package var deletesAdoptedDirectories = false
    /// Lets a claim ask for the archive of another namespace, or of another cluster on the same share.
    package var restoresAcrossNamespaces = false
    /// From which nodes exports can be reached, of those that not all nodes can (rule C8).
    package var topologies: [ExportPath: Topology] = [:]
    /// How many times its size the volumes on an export may be promised by an expansion; nil: any (rule E2).
    package var expansionOvercommitLimit: Double?

    package init() {}

    /// What the lock of an election among a provisioner's replicas is called (rule L1).
    package static func lockName(of provisioner: String) -> String {
        provisioner.lowercased().replacing("/", with: "-")
    }

    /// Those of all our names.
    package var lockNames: [String] {
        Set(([provisionerName] + additionalProvisionerNames).map(Self.lockName)).sorted()
    }

    package func knows(_ provisioner: String) -> Bool {
        provisioner == provisionerName || additionalProvisionerNames.contains(provisioner)
    }
}
