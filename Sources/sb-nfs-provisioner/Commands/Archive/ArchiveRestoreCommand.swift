import ArgumentParser
import Foundation
import Kubernetes
import Presentation
import Provisioning

struct ArchiveRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Give an archive back to a claim: print the claim that asks for it, or create it and wait.",
        discussion: """
            The claim is as the archive's record has it: name, namespace, class, size and access modes. Prints it for \
            `kubectl apply -f -`; with --apply creates it and waits until it is bound. The controller does the rest, and has \
            to run.

              sb-nfs-provisioner archive restore pvc-3f0c2a51 | kubectl apply -f -
              sb-nfs-provisioner archive restore pvc-3f0c2a51 --claim old-data \\
                  --mode copy --apply
            """
    )

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    @Option(help: "The claim's name. (default: that of the archive's claim)")
    var claim: String?

    @Option(help: "The claim's namespace. (default: the one that the archive came from)")
    var namespace: String?

    @Option(help: "The claim's class, on the archive's export. (default: the archive's)")
    var storageClass: String?

    @Option(help: "The claim's size, such as 10Gi. (default: what the archive's claim asked for)")
    var size: String?

    @Option(help: "move: the archive becomes the volume; copy: it stays.")
    var mode = RestoreRequest.Mode.move

    @Flag(help: "Create the claim and wait until it is bound, instead of printing it.")
    var apply = false

    func run() async throws {
        try await SharesInUse.run(exports, changes: false) { shares in
            let claim = try self.claim(for: try await shares.share(of: id).archive(id))
            if apply { try await create(claim) } else { print(try String(json: claim)) }
        }
    }

    private func claim(for archive: ArchiveRecord) throws(ConfigurationError) -> PersistentVolumeClaim {
        guard let name = claim ?? archive.claim?.name, let namespace = namespace ?? archive.claim?.namespace,
            let size = size ?? archive.capacity
        else {
            throw ConfigurationError(
                "the record of the archive \(id) does not tell all of its claim: give --claim, --namespace and --size"
            )
        }
        return PersistentVolumeClaim(
            metadata: ObjectMeta(
                name: name,
                namespace: namespace,
                annotations: [AnnotationKey.restoreFrom: id, AnnotationKey.restoreMode: mode.rawValue]
            ),
            spec: PersistentVolumeClaim.Spec(
                accessModes: archive.accessModes ?? [.readWriteMany],
                resources: PersistentVolumeClaim.Resources(requests: ["storage": Quantity(rawValue: size)]),
                storageClassName: storageClass ?? archive.storageClass
            )
        )
    }

    private func create(_ claim: PersistentVolumeClaim) async throws {
        let configuration = try ClusterConfiguration.load(
            kubeconfig: exports.kubeconfig,
            environment: ProcessInfo.processInfo.environment
        )
        try await KubernetesClient.inCommand(configuration) { client in
            let created = try await client.api().create(claim)
            print("claim \(created.key) created")
            let volume = try await Progress.shown { progress in
                try await BindingWatch(claim: created, client: client).volume(progress)
            }
            print("claim \(created.key) is bound to \(volume)")
        }
    }
}

extension RestoreRequest.Mode: ExpressibleByArgument {}

/// Waits until a claim is bound, and tells what its events say meanwhile.
struct BindingWatch {
    let claim: PersistentVolumeClaim
    let client: KubernetesClient

    /// - Returns: The volume's name.
    /// - Throws: ``ConfigurationError`` if the claim goes away, and `KubernetesError`.
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

    /// How far a copy is is written over; what is wrong stays to be read.
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
