import ArgumentParser
import Foundation
import Kubernetes
import Presentation
import Provisioning

struct RecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Rebuild the volumes and claims of a lost cluster from its shares alone.",
        discussion: """
            Prints them for `kubectl apply -f -`, volumes first and under the policy Retain; or creates them with --apply. \
            The claims' namespaces must exist. It runs anywhere that the export allows, with or without a cluster, and can \
            be run again.

              sb-nfs-provisioner recover --offline \\
                  --nfs-server nas1 --nfs-path /srv/kubernetes | kubectl apply -f -
              sb-nfs-provisioner recover --apply --kubeconfig new.kubeconfig \\
                  --nfs-server nas1 --nfs-path /srv/kubernetes

            Exit codes: 0 all volumes are recovered; 1 some are not, with a sentence for each; 2 unusable settings.
            """
    )

    @OptionGroup var exports: ExportOptions

    @Flag(help: "Create what is not there, instead of printing it.")
    var apply = false

    func run() async throws {
        try await SharesInUse.run(exports, changes: false) { shares in
            let (found, failures) = await shares.gather { share in try await share.recoverableVolumes() }
            let volumes = found.flatMap(\.volumes)
            let problems = found.flatMap(\.problems) + (failures?.sentences ?? [])
            if apply { try await create(volumes) } else { print(try String(json: ObjectList(of: volumes))) }
            // The others are recovered all the same; the exit code says that something is left to do.
            guard problems.isEmpty else { throw SharesFailed(sentences: problems) }
        }
    }

    private func create(_ volumes: [RecoveredVolume]) async throws {
        let configuration = try ClusterConfiguration.load(
            kubeconfig: exports.kubeconfig,
            environment: ProcessInfo.processInfo.environment
        )
        try await KubernetesClient.inCommand(configuration) { client in
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
            print("\(name) is there already")
        }
    }
}

/// Volumes, then claims, as `kubectl apply` takes them.
private struct ObjectList: Encodable {
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
