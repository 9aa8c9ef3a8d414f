import NFS
import Provisioning

/// The share on which operations are explored, and the histories of pairs of them.
///
/// There is a bound volume, an archive, a directory that may be adopted, and in each a file that says whose data it is.
package enum ShareScenario {
    /// The archive's id.
    static let archive = Claims.volume("old")
    /// The claim whose volume is bound.
    static let bound = "db"
    /// A directory that was there before.
    static let adopted = "legacy"

    /// Two operations, in one process or in two.
    ///
    /// - Parameters:
    ///   - first: One.
    ///   - second: The other.
    ///   - processes: How many processes they are of.
    ///   - isCold: Whether opening the share is a part of the histories.
    /// - Returns: The scenario.
    /// - Throws: What prevents its start.
    package static func pair(
        _ first: ShareOperation,
        _ second: ShareOperation,
        processes: Int,
        isCold: Bool = false
    ) throws -> Scenario<ControllerProcess> {
        let all = [(first, "one"), (second, "two")]
        let operations = all.enumerated().map { number, operation in
            let (kind, claim) = (operation.0, claim(of: operation.0, operation.1, in: all.map(\.0)))
            let name = all[0].0 == all[1].0 ? "\(kind.rawValue) \(number + 1)" : kind.rawValue
            return Scenario<ControllerProcess>.Operation(name, process: processes == 1 ? 0 : number) { process in
                await kind.perform(in: process, claim: claim)
            }
        }
        let kinds = all.map(\.0)
        let claims = all.map { claim(of: $0.0, $0.1, in: kinds) }
        let story = Story(kinds: kinds, claims: claims, counts: [1, 1])
        let start = try snapshot(story)
        let identities = identities(of: start)
        var scenario = Scenario(
            name: "\(first.rawValue) × \(second.rawValue) in \(processes == 1 ? "one process" : "two processes")",
            start: start,
            operations: operations,
            makeProcess: { ControllerProcess($0, remembering: identities) },
            recover: { process, history in await story.recover(in: process, story.outcomes(in: history)) },
            check: { ending in SharePromises(story, ending).broken }
        )
        scenario.deeds = AdminDeed.allCases.map(\.deed)
        if !isCold { scenario.warmUp = { _ = try? await $0.share.statistics() } }
        return scenario
    }

    /// What the share is known by.
    static func identities(of snapshot: Snapshot) -> Set<String> {
        Set(RecordFiles.read(ExportFile.self, "", of: ShareTree(snapshot.share)).records.map(\.id))
    }

    /// What a withdrawal takes back is what the provisioning of the pair makes.
    static func claim(of kind: ShareOperation, _ own: String, in kinds: [ShareOperation]) -> String {
        switch kind {
        case .provision, .withdraw: "new"
        // The controller lets no two claims have one directory; two of its processes may serve one claim.
        case .adopt: "adopter"
        default: own
        }
    }

    /// Where a claim's volume lies.
    static func path(of claim: String) -> String { "clinic-\(claim)-\(Claims.volume(claim))" }

    /// The bytes of a file that says whose data it is.
    static func data(of claim: String) -> [UInt8] { Array("data of \(claim)".utf8) }

    static func snapshot(_ story: Story) throws -> Snapshot {
        let empty = Snapshot(share: SimulatedFileSystem(time: 1_790_000_000_000_000_000))
        return try empty.after(in: { ControllerProcess($0) }) { process in
            for claim in ["old", bound] {
                let plan = try Claims.plan(claim)
                _ = try await process.share.provision(plan) { _ in }
                try await Preparation.write(data(of: claim), to: plan.path.description)
            }
            _ = try await process.share.reclaim(try Claims.reclaim("old", .archive), deletesAdopted: false) { _ in [] }
            try await process.share.forget(volume: archive)
            if story.kinds.contains(.release) { try await process.share.hold(archive, reason: "court") }
            if story.kinds.contains(.withdraw), !story.kinds.contains(.provision) {
                _ = try await process.share.provision(try Claims.plan("new")) { _ in }
            }
            if story.kinds.count == 2, story.kinds.contains(.copyRestore), !story.kinds.contains(.release) {
                try await process.share.purge(archive, reason: "erasure")
            }
            try await Preparation.makeDirectory(adopted)
            try await Preparation.write(data(of: adopted), to: adopted)
        }
    }
}
