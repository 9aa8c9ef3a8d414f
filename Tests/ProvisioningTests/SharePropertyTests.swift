import Foundation
import NFS
import TestBed
import Testing

@testable import Provisioning

@Suite("Invariants of every volume on a share")
struct SharePropertyTests {
    @Test(
        "R5, R6, R7, S8: provisioned and released twice, with a crash at any point, both happen once"
    )
    func lives() async {
        await forRandomCases(40) { random in
            let life = Life(&random)
            try await ShareFixture.run { try await life.run(on: $0) }
            return true
        }
    }

    /// One volume's, from its claim to its end.
    private struct Life {
        let parameters: [String: String]
        let action: ReleaseAction
        /// Whether its directory was there before it.
        let isAdopted: Bool
        /// After how many changes of the share a controller is killed that makes the volume, and one that ends it.
        let changesBeforeCrash: (making: Int, ending: Int)

        init(_ random: inout SeededGenerator) {
            let pattern = random.pick([nil, "a", "a/b", "${.PVC.namespace}/x/${.PVC.name}", "archive/archived-a"])
            action = random.pick([.archive, .delete, .retain])
            isAdopted = pattern != nil && random.once(in: 2)
            parameters = [
                "pathPattern": pattern, "onDelete": action.rawValue, "mode": random.pick([nil, "0750", "1777"]),
            ]
            .compactMapValues { $0 }
            changesBeforeCrash = (Int.random(in: 0..<20, using: &random), Int.random(in: 0..<20, using: &random))
        }

        func run(on fixture: ShareFixture) async throws {
            try write("precious", to: "others/file", on: fixture)
            let plan = try fixture.plan("db", parameters: parameters)
            if isAdopted { try write("before", to: "\(plan.path)/before", on: fixture) }
            let directory = try await twice(on: fixture, crashingAfter: changesBeforeCrash.making) {
                try await fixture.provision(plan)
            }
            try #require(directory.origin == (isAdopted ? .adopted : .created))
            try #require(try fixture.listing == [plan.path.names[0], "others"].sorted())
            try write("data", to: "\(plan.path)/file", on: fixture)
            let reclaimPlan = fixture.reclaimPlan(plan, directory, action: action)
            _ = try await twice(on: fixture, crashingAfter: changesBeforeCrash.ending) {
                try await fixture.reclaim(reclaimPlan)
            }
            try requireEnd(of: plan, on: fixture)
        }

        private func requireEnd(of plan: ProvisioningPlan, on fixture: ShareFixture) throws {
            let archive = "archived-\(plan.path.basename)"
            let isArchived = action == .archive || action == .delete && isAdopted
            let place: String? = isArchived ? archive : action == .retain ? plan.path.description : nil
            let parent: String? = plan.path.names.count > 1 || action == .retain ? plan.path.names[0] : nil
            try #require(
                try fixture.listing == [parent, isArchived ? archive : nil, "others"].compactMap { $0 }.sorted()
            )
            try #require(exists(plan.path.description, on: fixture) == (action == .retain))
            if let place {
                try #require(try fixture.text("\(place)/file") == "data")
                try #require(exists("\(place)/before", on: fixture) == isAdopted)
            }
            try #require(try fixture.names(in: "trash") == [])
            try #require(try fixture.text("others/file") == "precious")
            let end: AuditEntry.Action = isArchived ? .archived : action == .retain ? .retained : .deleted
            try #require(try Set(fixture.auditedActions) == [isAdopted ? .adopted : .created, end])
        }

        private func twice<Outcome: Equatable>(
            on fixture: ShareFixture,
            crashingAfter changes: Int,
            _ work: () async throws -> Outcome
        ) async throws -> Outcome {
            fixture.gate.close(afterChanges: changes)
            do {
                _ = try await work()
            } catch let error as NFSError {
                try #require(error.isInterruption || error.code == .disconnected, "\(error)")
            }
            fixture.gate.open()
            try await fixture.restart()
            let outcome = try await work()
            try #require(try await work() == outcome)
            return outcome
        }

        private func exists(_ path: String, on fixture: ShareFixture) -> Bool {
            FileManager.default.fileExists(atPath: fixture.url(path).path())
        }

        private func write(_ text: String, to path: String, on fixture: ShareFixture) throws {
            let file = fixture.url(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
    }
}
