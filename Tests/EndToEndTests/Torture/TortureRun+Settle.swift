import Foundation
import Kubernetes
import Provisioning
import Synchronization
import TestBed

extension TortureRun {
    private var api: KubernetesClient { scenario.admin }
    /// Retries after a failure come after growing pauses.
    private static var patience: Duration { .seconds(240) }

    /// What counts of the cluster: two that are the same, with a pause between them, and nothing has been written.
    private struct Picture: Hashable {
        var claims: [String: String]
        var volumes: [String: String]
        var events: [String: String]
    }

    func ourVolumes() async throws -> [PersistentVolume] {
        try await api.api(PersistentVolume.self).page(limit: nil).items
            .filter { $0.metadata.annotations?[AnnotationKey.provisionedBy] == scenario.provisioner }
    }

    /// Waits until the cluster says what the model does and nobody writes to it any more.
    func settle(_ model: TortureModel) async throws {
        var last: Picture?
        var since = ContinuousClock.now
        var odd = ""
        do {
            try await bed.wait(for: "all is settled", within: Self.patience) {
                let (picture, flaw) = try await look(model)
                odd = if let flaw { flaw } else { try await queues() ?? "" }
                if picture != last || !odd.isEmpty { since = .now }
                last = picture
                return ContinuousClock.now - since > .seconds(2)
            }
        } catch {
            throw Scenario.Failure(description: "\(error) \(odd)")
        }
        for invariant in ["claimsAreBoundWithTheirSize", "noVolumeIsLeft", "queuesAreEmpty", "clusterIsQuiet"] {
            report.check(invariant, true, "")
        }
    }

    private func look(_ model: TortureModel) async throws -> (Picture, flaw: String?) {
        let claims = try await api.api(PersistentVolumeClaim.self).page(limit: nil, namespace: scenario.namespace).items
        let volumes = try await ourVolumes()
        var events: [Event] = []
        for namespace in [scenario.namespace, "default"] {
            events += try await api.api(Event.self).page(limit: nil, namespace: namespace).items
        }
        func versions(_ objects: [some KubernetesObject]) -> [String: String] {
            Dictionary(objects.map { ("\($0.key)", $0.metadata.resourceVersion ?? "") }) { one, _ in one }
        }
        let picture = Picture(claims: versions(claims), volumes: versions(volumes), events: versions(events))
        return (picture, flaw(of: claims, volumes, model))
    }

    private func flaw(
        of claims: [PersistentVolumeClaim],
        _ volumes: [PersistentVolume],
        _ model: TortureModel
    ) -> String? {
        let names = Set(claims.map(\.key.name))
        guard names == Set(model.claims.keys) else {
            return "claims that are there and should not, or the other way round: "
                + names.symmetricDifference(model.claims.keys).sorted().joined(separator: ", ")
        }
        for claim in claims {
            let name = claim.key.name
            guard claim.status?.phase == .bound else { return "claim \(name) is not bound" }
            let size = Quantity(rawValue: "\(model.claims[name]?.gibibytes ?? 0)Gi")
            guard claim.status?.capacity?["storage"] == size else { return "claim \(name) has not its size" }
        }
        let bound = Set(claims.compactMap { $0.spec?.volumeName })
        let there = Set(volumes.map(\.key.name))
        guard bound == there else {
            return "volumes without a claim, or the other way round: "
                + bound.symmetricDifference(there).sorted().joined(separator: ", ")
        }
        let wrong = volumes.first { volume in
            volume.spec?.persistentVolumeReclaimPolicy != .delete
                || volume.metadata.finalizers?.contains(FinalizerName.provisioner) != true
        }
        if let wrong { return "volume \(wrong.key) is not deleted by us: \(wrong)" }
        note(claims, volumes)
        return flaw(ofExpired: model)
    }

    /// What retention purges within seconds is purged, but where a time in its record has not come yet.
    private func flaw(ofExpired model: TortureModel) -> String? {
        let expired = model.archives.filter { $0.value.state == .expired }
        for (name, archive) in expired {
            guard let id = volumes.withLock({ $0[name]?.name }) else { continue }
            guard let record = ShareContents.archive(id, on: bed.root(of: archive.share)) else {
                return "archive \(id) has no record"
            }
            guard record.state == .purged || archive.hasWrongTimes && record.hasFutureTime else {
                return "archive \(id) has expired and is \(record.state)"
            }
        }
        return nil
    }

    private func note(_ claims: [PersistentVolumeClaim], _ volumes: [PersistentVolume]) {
        let directories = Dictionary(uniqueKeysWithValues: volumes.map { ($0.key.name, scenario.directory(of: $0)) })
        self.volumes.withLock { known in
            for claim in claims {
                guard let name = claim.spec?.volumeName, let directory = directories[name] else { continue }
                known[claim.key.name] = Volume(name: name, directory: directory)
            }
        }
    }

    /// - Returns: What is still in line; nil: nothing.
    private func queues() async throws -> String? {
        for controller in await fleet.controllers {
            let page = try await controller.get("metrics").body
            let depths = page.split(separator: "\n").filter { $0.hasPrefix("sb_nfs_queue_depth{") }
            guard !depths.isEmpty else { return "no queue depth in the metrics" }
            if let full = depths.first(where: { !$0.hasSuffix(" 0") }) { return String(full) }
        }
        return nil
    }

    /// Two claims asked for one archive: one has it whole, the other was refused. Then both are deleted.
    func settle(_ pair: [String], of model: TortureModel) async throws {
        var winner: PersistentVolumeClaim?
        try await bed.wait(for: "one of \(pair) is bound", within: Self.patience) {
            let found = try await api.api(PersistentVolumeClaim.self).page(limit: nil, namespace: scenario.namespace)
                .items.filter { pair.contains($0.key.name) && $0.status?.phase == .bound }
            report.check("archiveGoesToOne", found.count < 2, "both of \(pair) have the archive")
            winner = found.first
            return winner != nil
        }
        guard let name = winner?.spec?.volumeName else { return }
        let loser = pair.first { $0 != winner?.key.name } ?? ""
        try await delete(loser)
        let volume = try await api.api(PersistentVolume.self).get(ObjectKey(name: name))
        let directory = scenario.directory(of: volume)
        let flaw = TenantData.flaw(in: directory, seeds: model.claims[pair[0]]?.data ?? [])
        report.check("archiveGoesToOneWhole", flaw == nil, flaw ?? "")
        volumes.withLock { $0[pair[0]] = Volume(name: name, directory: directory) }
        try await delete(winner?.key.name ?? "")
    }
}
