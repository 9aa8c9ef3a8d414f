import Foundation
import Kubernetes
import Provisioning
import Synchronization
import TestBed

/// Two clusters on one share, a claim in each, and one path for both.
struct TortureContest: Codable, Sendable, Hashable {
    /// The folder that the path pattern of both classes begins with.
    static let folder = "contended"

    /// What the claim of either cluster is called.
    var claim: String
    /// What the tenant of the one that gets the path writes, see ``TenantData``.
    var data: UInt64
    /// The controller of the second cluster is killed at once.
    var killsNeighbour: Bool
    /// The other claim is still there when the path is free.
    var loserWaits: Bool

    /// The archive of the one that got the path later, in the model.
    var loser: String { claim + "-later" }

    init(claim: String, using dice: inout SeededGenerator) {
        self.claim = claim
        data = UInt64.random(in: 0...UInt64(UInt32.max), using: &dice)
        killsNeighbour = Bool.random(using: &dice)
        loserWaits = Bool.random(using: &dice)
    }
}

extension TortureRun {
    func contend(_ contest: TortureContest) async throws {
        async let ours: Void = create(contest.claim, in: scenario)
        async let theirs: Void = create(contest.claim, in: neighbour)
        _ = try await (ours, theirs)
        if contest.killsNeighbour { try await neighbours.restart() }
    }

    private func create(_ claim: String, in cluster: Scenario) async throws {
        try await bed.insist(on: "claim \(claim) is accepted") {
            do {
                try await cluster.createClaim(claim, class: ClaimKind.contended.rawValue)
            } catch let error as KubernetesError where error.code == .alreadyExists {}
        }
    }

    /// S9: one has the path. When it is given up, its archive holds what its tenant wrote, and the other claim gets an
    /// empty directory.
    func settle(_ contest: TortureContest) async throws {
        let clusters = [scenario, neighbour]
        var holders: [Scenario] = []
        try await bed.wait(for: "one of two clusters has the path of \(contest.claim)", within: .seconds(240)) {
            holders = try await holdersOfPath(contest, clusters)
            return !holders.isEmpty
        }
        let winner = holders[0]
        let loser = clusters.first { $0.bed.folder != winner.bed.folder } ?? winner
        let volume = try await volume(of: contest.claim, in: winner)
        try TenantData.write(contest.data, to: volume.directory)
        holders = try await holdersOfPath(contest, clusters)
        report.check("pathGoesToOne", holders.count == 1, "\(contest.claim) is bound in both clusters")
        // Nobody waits for the second cluster to be quiet: its claim does not go away while it may be served.
        let waits = contest.loserWaits || loser.bed.folder == neighbour.bed.folder
        if !waits { try await loser.deleteClaim(contest.claim) }
        try await giveUp(contest.claim, volume, in: winner)
        volumes.withLock { $0[contest.claim] = volume }
        guard waits else { return }
        try await askAgain(contest.claim, in: loser)
        let later = try await self.volume(of: contest.claim, in: loser)
        let flaw = TenantData.flaw(in: later.directory, seeds: [])
        report.check("freedPathIsNew", flaw == nil && later.directory == volume.directory, flaw ?? "\(later)")
        try await giveUp(contest.claim, later, in: loser)
        if contest.loserWaits { volumes.withLock { $0[contest.loser] = later } }
    }

    private func holdersOfPath(_ contest: TortureContest, _ clusters: [Scenario]) async throws -> [Scenario] {
        var holders: [Scenario] = []
        for cluster in clusters where try await cluster.claim(contest.claim).status?.phase == .bound {
            holders.append(cluster)
        }
        return holders
    }

    private func volume(of claim: String, in cluster: Scenario) async throws -> Volume {
        let name = try await cluster.claim(claim).spec?.volumeName ?? ""
        guard let volume = try await cluster.volume(name) else {
            throw Scenario.Failure(description: "volume \(name) of claim \(claim) is not there")
        }
        return Volume(name: name, directory: cluster.directory(of: volume))
    }

    private func giveUp(_ claim: String, _ volume: Volume, in cluster: Scenario) async throws {
        try await cluster.deleteClaim(claim)
        try await bed.wait(for: "volume \(volume.name) is archived", within: .seconds(240)) {
            try await cluster.volume(volume.name) == nil
        }
    }

    /// A change of a claim is looked at now; otherwise the next try comes after a pause that has grown.
    private func askAgain(_ claim: String, in cluster: Scenario) async throws {
        let claims: API<PersistentVolumeClaim> = cluster.admin.api()
        let key = ObjectKey(namespace: cluster.namespace, name: claim)
        var attempt = 0
        try await bed.wait(for: "claim \(claim) gets the path that is free", within: .seconds(240), every: .seconds(1))
        {
            attempt += 1
            _ = try await claims.patch(key, .merge(["metadata": ["annotations": ["attempt": .string("\(attempt)")]]]))
            return try await cluster.claim(claim).status?.phase == .bound
        }
    }
}
