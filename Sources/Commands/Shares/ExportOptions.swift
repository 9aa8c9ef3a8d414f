import ArgumentParser

/// The flags of the commands that look after shares: which exports there are, and which cluster knows of more.
struct ExportOptions: ParsableArguments {
    @OptionGroup var settings: ExportSettings

    @Option(help: "The provisioner whose classes' exports count. (default: nfs.smart-bear.eu/sb-managed-nfs)")
    var provisionerName: String?

    @Option(help: "Provisioners before this one whose classes' exports count too, comma-separated.")
    var additionalProvisionerNames: String?

    @Option(help: "A kubeconfig of the cluster whose classes and volumes name exports. (default: the pod's cluster)")
    var kubeconfig: String?

    @Flag(help: "Do not ask the cluster: work on the exports of the settings alone.")
    var offline = false

    @Option(help: "Only this export, as server:/path.")
    var export: String?

    var config: String? { settings.config }

    var values: [Setting: String] {
        let values: [Setting: String?] = [
            .provisionerName: provisionerName, .additionalProvisionerNames: additionalProvisionerNames,
            .kubeconfig: kubeconfig,
        ]
        return settings.values.merging(values.compactMapValues { $0 }) { $1 }
    }
}
