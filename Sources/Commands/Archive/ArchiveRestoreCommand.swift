import ArgumentParser
import Foundation
import Kubernetes
import Presentation
import Provisioning

struct ArchiveRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore an archive into a new claim.",
        discussion: """
            Creates the claim and waits until it is bound; the controller must be running. The claim's name, \
            namespace, labels, requests for its archive, class, size and access modes come from the archive's record. \
            The command shows the claim and asks. With --dry-run and -o json or yaml it prints the claim for \
            `kubectl apply -f -`.

              sb-nfs-provisioner archive restore pvc-3f0c2a51 --claim old-data --mode copy
              sb-nfs-provisioner archive restore pvc-3f0c2a51 --dry-run -o yaml \\
                  | kubectl apply -f -
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    @Option(help: "The claim's name. (default: that of the archive's claim)")
    var claim: String?

    @Option(name: .shortAndLong, help: "The claim's namespace. (default: the one that the archive came from)")
    var namespace: String?

    @Option(name: .customLong("class"), help: "The claim's class, on the archive's export. (default: the archive's)")
    var storageClass: String?

    @Option(help: "The claim's size, such as 10Gi. (default: what the archive's claim asked for)")
    var size: String?

    @Option(help: "move: the archive becomes the volume; copy: it stays.")
    var mode = RestoreRequest.Mode.move

    @OptionGroup var change: ChangeOptions

    @OptionGroup var output: OutputOptions<RestorePlan>

    func validate() throws {
        guard change.dryRun || output.isDefault else { throw ValidationError("-o and --output-file need --dry-run") }
    }

    func run() async throws {
        let confirmation = ConfirmationPrompt(command: "archive restore", options: change)
        try confirmation.requireAnswer()
        try await SharesInUse.run(exports, changes: false) { shares in
            let share = try await shares.share(of: id)
            let archive = try await share.archive(id)
            try archive.requireRestorable(mode, on: share.address)
            let plan = RestorePlan(id: id, document: try claim(for: archive))
            if change.dryRun { return try output.print(plan) }
            let cluster = try shares.clusterConfiguration()
            try confirmation.ask(plan.sentence)
            try await create(plan.document, in: cluster)
        }
    }

    private func claim(for archive: ArchiveRecord) throws(ConfigurationError) -> PersistentVolumeClaim {
        guard let name = claim ?? archive.claim?.name, let namespace = namespace ?? archive.claim?.namespace,
            let size = size ?? archive.capacity
        else {
            throw ConfigurationError(
                "restore archive \(id): its record lacks details of the claim; give --claim, --namespace and --size"
            )
        }
        let request = [AnnotationKey.restoreFrom: id, AnnotationKey.restoreMode: mode.rawValue]
        return PersistentVolumeClaim(
            metadata: ObjectMeta(
                name: name,
                namespace: namespace,
                // Hooks select by them. Annotations of other programs stay behind: they tell one object from another.
                labels: archive.notes?.labels,
                annotations: request.merging(archive.notes?.requests ?? [:]) { own, _ in own }
            ),
            spec: PersistentVolumeClaim.Spec(
                accessModes: archive.accessModes ?? [.readWriteMany],
                resources: PersistentVolumeClaim.Resources(requests: ["storage": Quantity(rawValue: size)]),
                storageClassName: storageClass ?? archive.storageClass
            )
        )
    }

    private func create(_ claim: PersistentVolumeClaim, in cluster: ClusterConfiguration) async throws {
        try await KubernetesClient.inCommand(cluster) { client in
            let created = try await client.api().create(claim)
            print("claim \(created.key) created")
            let volume = try await Progress.shown { progress in
                try await BindingWatch(claim: created, client: client).volume(progress)
            }
            print("claim \(created.key) is bound to \(volume)")
        }
    }
}

/// The claim that `archive restore` creates.
struct RestorePlan: Printable {
    static let formats: [OutputFormat] = [.table, .json, .yaml]

    let id: String
    let document: PersistentVolumeClaim

    var sentence: String {
        let isCopy = document.metadata.annotations?[AnnotationKey.restoreMode] == RestoreRequest.Mode.copy.rawValue
        let size = document.spec?.resources?.requests?["storage"].map { " of \($0.rawValue)" } ?? ""
        let storageClass = document.spec?.storageClassName.map { " in class \($0)" } ?? ""
        return
            "create claim \(document.key)\(size)\(storageClass); \(isCopy ? "copy" : "move") archive \(id) into its volume"
            .printable
    }

    func text(_ style: TableStyle) -> String { sentence + "\n" }
}

extension RestoreRequest.Mode: ExpressibleByArgument {}

/// Waits until a claim is bound, and shows the messages of its events meanwhile.
struct BindingWatch {
    let claim: PersistentVolumeClaim
    let client: KubernetesClient

    /// - Returns: The volume's name.
    /// - Throws: ``ConfigurationError`` if the claim is deleted, and `KubernetesError`.
    func volume(_ progress: Progress) async throws -> String {
        var told: [String: Int] = [:]
        while true {
            let current = try await client.api(PersistentVolumeClaim.self).get(claim.key)
            guard current.metadata.uid == claim.metadata.uid, current.metadata.deletionTimestamp == nil else {
                throw ConfigurationError("claim \(claim.key) was deleted before it was bound")
            }
            if current.status?.phase == .bound { return current.spec?.volumeName ?? "" }
            for event in try await events() where told[event.message ?? ""] != event.count ?? 1 {
                told[event.message ?? ""] = event.count ?? 1
                tell(event, progress)
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func events() async throws(KubernetesError) -> [Event] {
        let selector = "involvedObject.uid=\(claim.metadata.uid ?? "")"
        return try await client.api(Event.self)
            .page(limit: nil, namespace: claim.metadata.namespace, fieldSelector: selector).items
    }

    /// Shows an event. The next one overwrites it, unless it is a warning.
    private func tell(_ event: Event, _ progress: Progress) {
        let message = event.message ?? ""
        if event.type == .warning {
            progress.end()
            print(message)
        } else {
            progress.show(message)
        }
    }
}
