import NFS
import TestBed

extension ShareScenario {
    /// Ten operations at random: two actors of one process, and one of another, each do theirs one after the other.
    package static func random(seed: UInt64) throws -> Scenario<ControllerProcess> {
        var random = SeededGenerator(seed: seed)
        let counts = [3, 3, 4]
        let kinds = (0..<10).map { _ in random.pick(ShareOperation.allCases) }
        let claims = kinds.indices.map { claim(of: kinds[$0], "claim\($0)", in: kinds) }
        let story = Story(kinds: kinds, claims: claims, counts: counts)
        let operations = counts.indices.map { actor in
            let first = counts[..<actor].reduce(0, +)
            let own = first..<first + counts[actor]
            let name = own.map { kinds[$0].rawValue }.joined(separator: ", ")
            return Scenario<ControllerProcess>.Operation("[\(name)]", process: actor < 2 ? 0 : 1) { process in
                var outcomes: [String] = []
                for number in own { outcomes.append(await kinds[number].perform(in: process, claim: claims[number])) }
                return outcomes.joined(separator: String(Story.separator))
            }
        }
        let start = try snapshot(story)
        let identities = identities(of: start)
        var scenario = Scenario(
            name: "ten operations, seed \(seed)",
            start: start,
            operations: operations,
            makeProcess: { ControllerProcess($0, remembering: identities) },
            recover: { process, history in await story.recover(in: process, story.outcomes(in: history)) },
            check: { ending in SharePromises(story, ending).broken }
        )
        scenario.deeds = AdminDeed.allCases.map(\.deed)
        return scenario
    }
}
