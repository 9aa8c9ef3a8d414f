import ArgumentParser
import Foundation
import Kubernetes
import Presentation
import Provisioning

struct RecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Recreate the volumes and claims of a lost cluster from its shares.",
        discussion: """
            Shows the volumes and claims, asks, and creates those that do not exist, volumes first and under the policy \
            Retain. With --dry-run and -o json or yaml it prints them for `kubectl apply -f -`. The claims' namespaces must \
            exist. The command runs anywhere that the export allows, and can be repeated.

              sb-nfs-provisioner recover --kubeconfig new.kubeconfig \\
                  --nfs-server nas1 --nfs-path /srv/kubernetes
              sb-nfs-provisioner recover --offline --dry-run -o yaml \\
                  --nfs-server nas1 --nfs-path /srv/kubernetes | kubectl apply -f -

            Exit codes: 0 all volumes are recovered; 1 some are not, with a sentence for each; 2 unusable settings; 64 the \
            command line is wrong, or --yes is missing without a terminal.
            """
    )

    @OptionGroup var exports: ExportOptions

    @OptionGroup var change: ChangeOptions

    @OptionGroup var output: OutputOptions<RecoveryPlan>

    func validate() throws {
        guard change.dryRun || output.isDefault else { throw ValidationError("-o and --output-file need --dry-run") }
    }

    func run() async throws {
        let confirmation = ConfirmationPrompt(command: "recover", options: change)
        try confirmation.requireAnswer()
        try await SharesInUse.run(exports, changes: false) { shares in
            let (found, failures) = await shares.gather { share in try await share.recoverableVolumes() }
            let plan = RecoveryPlan(volumes: found.flatMap(\.volumes))
            let problems = found.flatMap(\.problems) + (failures?.sentences ?? [])
            if change.dryRun {
                try output.print(plan)
            } else if !plan.volumes.isEmpty {
                try await create(plan, in: try shares.clusterConfiguration(), confirmation)
            }
            // The other volumes are recovered anyway; the exit code says that something is left to do.
            guard problems.isEmpty else { throw SharesFailed(sentences: problems) }
        }
    }

    private func create(
        _ plan: RecoveryPlan,
        in cluster: ClusterConfiguration,
        _ confirmation: ConfirmationPrompt
    ) async throws {
        let volumes = plan.volumes
        try confirmation.ask(plan.text(confirmation.error.tableStyle) + "create those that do not exist")
        try await KubernetesClient.inCommand(cluster) { client in
            for volume in volumes { try await create(volume.volume, with: client) }
            for volume in volumes { try await create(volume.claim, with: client) }
        }
    }

    private func create(_ object: some KubernetesObject, with client: KubernetesClient) async throws(KubernetesError) {
        let name = "\(type(of: object).resource.kind) \(object.key)"
        do {
            _ = try await client.api().create(object)
            print("\(name) created")
        } catch let error where error.code == .alreadyExists {
            print("\(name) already exists")
        }
    }
}

/// The volumes and claims that `recover` creates.
struct RecoveryPlan: Printable {
    static let formats: [OutputFormat] = [.table, .json, .yaml]

    let volumes: [RecoveredVolume]

    var document: ObjectList { ObjectList(of: volumes) }

    var table: Table {
        let rows = volumes.map { recovered in
            let claim = recovered.claim
            let size = claim.spec?.resources?.requests?["storage"]?.rawValue ?? ""
            return [claim.metadata.namespace ?? "", claim.key.name, recovered.volume.key.name, size]
        }
        return Table(header: ["NAMESPACE", "CLAIM", "VOLUME", "SIZE"], rows: rows, whole: ["VOLUME"])
    }
}

/// Volumes, then claims, as `kubectl apply` takes them.
struct ObjectList: Encodable {
    private enum Key: CodingKey {
        case apiVersion, kind, items
    }

    private let recovered: [RecoveredVolume]

    init(of recovered: [RecoveredVolume]) {
        self.recovered = recovered
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode("v1", forKey: .apiVersion)
        try container.encode("List", forKey: .kind)
        var items = container.nestedUnkeyedContainer(forKey: .items)
        for volume in recovered { try items.encode(volume.volume) }
        for volume in recovered { try items.encode(volume.claim) }
    }
}
