import Backup
import Foundation
import Kubernetes
import NFS
import Provisioning

/// Checks everything that the controller needs, and leaves nothing behind.
struct Doctor {
    let configuration: ControllerConfiguration
    /// Whether it may write to the exports, in folders of its own.
    let writes: Bool

    /// - Returns: The checks, in the order in which they are shown.
    func examine() async -> [Check] {
        let environment = ProcessInfo.processInfo.environment
        let cluster: ClusterConfiguration
        do throws(KubernetesError) {
            cluster = try ClusterConfiguration.load(kubeconfig: configuration.kubeconfig, environment: environment)
        } catch {
            return await [ClusterVerdict.api(nil, error)] + examine(nil, nil, environment)
        }
        let client = KubernetesClient.forCommand(cluster)
        var checks: [Check]
        do throws(KubernetesError) {
            let sight = try await ClusterObservation(of: cluster, configuration, client)
            checks = await examine(sight, client, environment)
        } catch {
            checks = await [ClusterVerdict.api(cluster.server, error)] + examine(nil, nil, environment)
        }
        try? await client.shutdown()
        return checks
    }

    private func examine(
        _ sight: ClusterObservation?,
        _ client: KubernetesClient?,
        _ environment: [String: String]
    ) async -> [Check] {
        let inspection = HookInspection(
            environment: environment,
            client: client,
            namespace: sight?.namespace ?? "default"
        )
        async let exports = exportChecks(try? sight?.classes.get(), try? sight?.volumes.get())
        async let hooks = hookChecks(inspection)
        let (seenExports, seenHooks) = await (exports, hooks)
        guard let sight else {
            return Self.unasked([.version, .user, .right, .classesPresent, .defaultClass]) + seenExports + seenHooks
                + Self.unasked([.leader, .others])
        }
        return clusterChecks(sight) + classChecks(sight) + seenExports + seenHooks + provisionerChecks(sight)
    }

    // MARK: The cluster

    /// The checks that are skipped because the API server does not answer.
    private static func unasked(_ ids: [Check.ID]) -> [Check] {
        ids.map { .skipped($0, "not checked: cluster.api failed") }
    }

    private func clusterChecks(_ sight: ClusterObservation) -> [Check] {
        [
            ClusterVerdict.api(sight.server, nil), ClusterVerdict.version(sight.version),
            ClusterVerdict.user(sight.user),
        ] + sight.access.map { $0.check(namespace: sight.namespace) }
    }

    private func classChecks(_ sight: ClusterObservation) -> [Check] {
        switch sight.classes {
        case .success(let classes):
            return ClassVerdict(classes: classes, settings: configuration.settings, version: sight.version).checks
        case .failure(let error):
            let reason = "not checked: the classes could not be read: \(error)"
            return [.classesPresent, .defaultClass].map { .skipped($0, reason) }
        }
    }

    private func provisionerChecks(_ sight: ClusterObservation) -> [Check] {
        [ProvisionerVerdict.leader(sight.lease, isElected: configuration.electsLeader, now: .now)]
            + ProvisionerVerdict.others(sight.locks, isInPod: sight.isInPod, now: .now)
    }

    // MARK: Exports and hooks

    private func exportChecks(_ classes: [StorageClass]?, _ volumes: [PersistentVolume]?) async -> [Check] {
        let shares = ConfiguredShares(
            classes: classes ?? [],
            settings: configuration.settings,
            volumes: volumes ?? []
        ).shares
        let subjects =
            shares.map { share in
                (share, ExportVerdict.Purpose.volumes(remembered: volumes?.exportIDs(of: share.export)))
            } + copyShares(besides: shares).map { ($0, .copies) }
        let known = knownExports(shares, isComplete: classes != nil && volumes != nil)
        return await [known]
            + withTaskGroup(of: (Int, [Check]).self) { group in
                for (index, (share, purpose)) in subjects.enumerated() {
                    group.addTask {
                        let sight = await ExportInspection(of: share, writes: writes).run()
                        return (index, ExportVerdict(sight: sight, purpose: purpose, writes: writes).checks)
                    }
                }
                var checks: [(Int, [Check])] = []
                for await result in group { checks.append(result) }
                return checks.sorted { $0.0 < $1.0 }.flatMap(\.1)
            }
    }

    private func knownExports(_ shares: [ShareAddress], isComplete: Bool) -> Check {
        let list = shares.map(\.description).joined(separator: ", ")
        guard isComplete else {
            return .skipped(
                .exportsKnown,
                "only exports of the settings are checked: classes or volumes could not be read"
            )
        }
        guard shares.isEmpty else { return .ok(.exportsKnown, "in use: \(list)") }
        return .failed(
            .exportsKnown,
            "no export is named by the settings, a class or a volume",
            remedy: "set NFS_SERVER and NFS_PATH, or give a class server and share"
        )
    }

    /// The shares that hooks copy to.
    private func copyShares(besides others: [ShareAddress]) -> [ShareAddress] {
        var shares: [ShareAddress] = []
        for case .copy(let copy) in configuration.hooks.map(\.action) {
            guard case .export(let address, let options) = copy.to,
                let export = ExportPath(server: address.server, path: address.path),
                !(others + shares).contains(where: { $0.export == export })
            else { continue }
            shares.append(ShareAddress(export: export, options: options))
        }
        return shares
    }

    private func hookChecks(_ inspection: HookInspection) async -> [Check] {
        await withTaskGroup(of: (Int, [Check]).self) { group in
            for (index, hook) in configuration.hooks.enumerated() {
                group.addTask { (index, HookVerdict.checks(hook, await inspection.findings(on: hook))) }
            }
            var checks: [(Int, [Check])] = []
            for await result in group { checks.append(result) }
            return checks.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}

/// Turns the findings on a hook into checks.
enum HookVerdict {
    static func checks(_ hook: Hook, _ findings: [HookFinding]) -> [Check] {
        let name = "the hook \(hook.name)"
        guard !findings.isEmpty else {
            let sentence =
                switch hook.action {
                case .exec(let exec): "\(exec.command.first ?? "its program") can be run"
                case .http: "its server accepts connections, and its files can be read"
                case .job: "the API server accepts its Job"
                case .copy(let copy):
                    if case .folder = copy.to { "\(copy.to) exists" } else { "see the checks of \(copy.to)" }
                }
            return [.ok(.hook, of: hook.name, "\(name) (\(hook.phase.rawValue)): \(sentence)")]
        }
        return findings.map { finding in
            let sentence = "\(name) (\(hook.phase.rawValue)): \(finding.sentence)"
            return finding.isFatal
                ? .failed(.hook, of: hook.name, sentence, remedy: finding.remedy)
                : .warning(.hook, of: hook.name, sentence, remedy: finding.remedy)
        }
    }
}
