import ArgumentParser

/// The flags of `controller`; each can be an environment variable or a line of the file as well.
struct ControllerOptions: ParsableArguments {
    @OptionGroup var exports: ExportSettings

    @Option(help: "The provisioner whose classes are served. (default: nfs.smart-bear.eu/sb-managed-nfs)")
    var provisionerName: String?

    @Option(help: "Provisioners before this one whose claims and volumes are served too, comma-separated.")
    var additionalProvisionerNames: String?

    @Option(help: "Whether volumes get the finalizer that keeps them until their data is dealt with. (default: true)")
    var addFinalizer: String?

    @Option(help: "Whether a placeholder of a path pattern may have no value. (default: false)")
    var allowEmptyPlaceholders: String?

    @Option(help: "Whether onDelete: delete deletes a directory that was there before its volume. (default: false)")
    var deleteAdoptedDirectories: String?

    @Option(help: "Whether a claim may have an archive of another namespace restored. (default: false)")
    var restoreAcrossNamespaces: String?

    @Option(help: "How many times its size an export's volumes may be promised by expansions. (default: no limit)")
    var expansionOvercommitLimit: String?

    @Option(help: "Whether replicas elect the one that works. (default: true)")
    var enableLeaderElection: String?

    @Option(help: "The namespace of the lease. (default: the pod's own, or default)")
    var podNamespace: String?

    @Option(help: "The pod's name, for events and the lease. (default: the host's name)")
    var podName: String?

    @Option(help: "A kubeconfig. (default: the cluster the pod runs in)")
    var kubeconfig: String?

    @Option(help: "Claims worked on at once, and as many volumes. (default: 16)")
    var workers: String?

    @Option(help: "Where /livez, /readyz and /metrics are served. (default: 0.0.0.0:8080)")
    var httpAddress: String?

    var values: [Setting: String] {
        let values: [Setting: String?] = [
            .provisionerName: provisionerName,
            .additionalProvisionerNames: additionalProvisionerNames, .addFinalizer: addFinalizer,
            .allowEmptyPlaceholders: allowEmptyPlaceholders, .deleteAdoptedDirectories: deleteAdoptedDirectories,
            .restoreAcrossNamespaces: restoreAcrossNamespaces,
            .expansionOvercommitLimit: expansionOvercommitLimit, .enableLeaderElection: enableLeaderElection,
            .podNamespace: podNamespace, .podName: podName,
            .kubeconfig: kubeconfig, .workers: workers, .httpAddress: httpAddress,
        ]
        return exports.values.merging(values.compactMapValues { $0 }) { $1 }
    }
}
