import Foundation
import NFS
import Synchronization
import TestBed
import Testing

@testable import Provisioning

/// The controllers of two clusters, whose classes give their claims one path. One is stopped before the first of its
/// calls, the second, the third, …; the other does what it wants meanwhile; then the first goes on.
@Suite("Two clusters want one path at the same moment")
struct ContestedPathTests {
    /// A claim, and the share as its cluster has it.
    private struct Side {
        let plan: ProvisioningPlan
        let share: ShareConnection

        func provision() async -> ProvisionedDirectory? { try? await share.provision(plan) { _ in } }
    }

    /// Work whose changes of the share go through a breaker.
    private final class Stoppable<Value: Sendable>: Sendable {
        let task: Task<Value, Never>
        private let breaker: ChangeBreaker
        private let isOver: WorkFlag

        init(_ breaker: ChangeBreaker, _ work: @escaping @Sendable () async -> Value) {
            let isOver = WorkFlag()
            (self.breaker, self.isOver) = (breaker, isOver)
            task = Task {
                defer { isOver.set() }
                return await work()
            }
        }

        /// Waits until it has stopped, or is over.
        func hasStopped() async throws -> Bool {
            try await eventually("it has stopped, or is over") { breaker.isPaused || isOver.isSet }
            return breaker.isPaused
        }
    }

    private final class WorkFlag: Sendable {
        private let value = Mutex(false)

        var isSet: Bool { value.withLock { $0 } }

        func set() { value.withLock { $0 = true } }
    }

    @Test("S9: wherever one is stopped, one gets the complete path, and the other a new directory once it is free")
    func stopped() async throws {
        try await cross { fixture, ours, theirs, calls in
            guard let (winner, directory, loser) = try await Self.decide(ours, theirs, calls) else { return }
            try Data("data".utf8).write(to: fixture.url("db/file"))
            #expect(await loser.provision() == nil, "stopped after \(calls) calls")
            let plan = fixture.reclaimPlan(winner.plan, directory)
            let outcome = try await winner.share.reclaim(plan, deletesAdopted: false, otherVolumes: { _ in [] })
            #expect(outcome == .archived(name: "archived-db"), "stopped after \(calls) calls")
            #expect(await loser.provision()?.origin == .created, "stopped after \(calls) calls")
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.url("db").path()) == [])
            #expect(try fixture.text("archived-db/file") == "data")
        }
    }

    @Test("S9: wherever one is stopped, one of the two adopts the existing directory")
    func adopted() async throws {
        try await cross(over: ["file": "data"]) { fixture, ours, theirs, calls in
            guard let (winner, directory, loser) = try await Self.decide(ours, theirs, calls) else { return }
            #expect(directory.origin == .adopted, "stopped after \(calls) calls")
            try await loser.share.withdraw(loser.plan)
            #expect(try fixture.record(VolumeRecord.self, loser.plan.volumeName) == nil)
            let plan = fixture.reclaimPlan(winner.plan, directory)
            let outcome = try await winner.share.reclaim(plan, deletesAdopted: false, otherVolumes: { _ in [] })
            #expect(outcome == .archived(name: "archived-db"), "stopped after \(calls) calls")
            #expect(try fixture.text("archived-db/file") == "data")
        }
    }

    @Test("S9: a check of the path in between does not keep the other's directory from being archived")
    func lookedAt() async throws {
        for calls in 0..<150 {
            var isStopped = false
            try await ShareFixture.run { fixture in
                let (breaker, processes, share) = try await fixture.stoppableProcess(of: "another-cluster")
                let plan = try fixture.plan("ours", parameters: ["pathPattern": "db"])
                let theirs = Side(plan: try fixture.plan("theirs", parameters: ["pathPattern": "db"]), share: share)
                breaker.pause(afterCalls: calls)
                let late = Stoppable(breaker) { await theirs.provision() }
                isStopped = try await late.hasStopped()
                if isStopped, let directory = try? await fixture.provision(plan) {
                    breaker.goOn(pausingAfter: 0)
                    _ = try await late.hasStopped()
                    let release = fixture.reclaimPlan(plan, directory)
                    let early = try? await fixture.reclaim(release)
                    breaker.goOn()
                    let adopted = await late.task.value
                    let outcome = if let early { early } else { try await fixture.reclaim(release) }
                    #expect(outcome == .archived(name: "archived-db"), "stopped after \(calls) calls")
                    #expect(adopted?.origin != .adopted, "stopped after \(calls) calls")
                }
                breaker.goOn()
                _ = await late.task.value
                await processes.close()
            }
            if !isStopped { return #expect(calls > 3) }
        }
    }

    @Test(
        "S9: a directory that is being released is not given to the other",
        arguments: [ReleaseAction.archive, .delete]
    )
    func released(action: ReleaseAction) async throws {
        for calls in 0..<150 {
            var isStopped = false
            try await ShareFixture.run { fixture in
                let (breaker, processes, share) = try await fixture.stoppableProcess(of: "another-cluster")
                let parameters = ["pathPattern": "db", "onDelete": action.rawValue]
                let theirs = Side(plan: try fixture.plan("theirs", parameters: parameters), share: share)
                let directory = try #require(await theirs.provision())
                try Data("data".utf8).write(to: fixture.url("db/file"))
                breaker.pause(afterCalls: calls)
                let plan = fixture.reclaimPlan(theirs.plan, directory, action: action)
                let late = Stoppable(breaker) {
                    _ = try? await share.reclaim(plan, deletesAdopted: false, otherVolumes: { _ in [] })
                }
                isStopped = try await late.hasStopped()
                let ours = try? await fixture.provision(fixture.plan("ours", parameters: ["pathPattern": "db"]))
                if let ours {
                    #expect(ours.origin == .created, "stopped after \(calls) calls")
                    try Data("ours".utf8).write(to: fixture.url("db/file"))
                }
                breaker.goOn()
                await late.task.value
                if ours != nil { #expect(try fixture.text("db/file") == "ours", "stopped after \(calls) calls") }
                let kept = try? fixture.text("archived-db/file")
                #expect(kept == (action == .archive ? "data" : nil), "stopped after \(calls) calls")
                await processes.close()
            }
            if !isStopped { return #expect(calls > 1) }
        }
    }

    @Test("S9: wherever a restore is stopped, one of the two has the path", arguments: RestoreRequest.Mode.allCases)
    func restored(mode: RestoreRequest.Mode) async throws {
        for calls in 0..<200 {
            var isStopped = false
            try await ShareFixture.run { fixture in
                let archive = try await fixture.archiveWithData("old")
                let (breaker, processes, share) = try await fixture.stoppableProcess()
                let (way, otherProcesses, otherShare) = try await fixture.stoppableProcess(of: "another-cluster")
                let plan = try fixture.plan(
                    "theirs",
                    parameters: ["pathPattern": "db"],
                    annotations: [
                        AnnotationKey.restoreFrom: archive, AnnotationKey.restoreMode: mode.rawValue,
                    ]
                )
                breaker.pause(afterCalls: calls)
                let late = Stoppable(breaker) { try? await share.provision(plan) { _ in } }
                isStopped = try await late.hasStopped()
                let other = try fixture.plan("ours", parameters: ["pathPattern": "db"])
                let ours = try? await otherShare.provision(other) { _ in }
                breaker.goOn()
                let theirs = await late.task.value
                #expect(ours == nil || theirs == nil, "both have it: stopped after \(calls) calls")
                #expect(ours?.origin != .adopted, "stopped after \(calls) calls")
                await processes.close()
                await otherProcesses.close()
                withExtendedLifetime(way) {}
            }
            if !isStopped { return #expect(calls > 10) }
        }
    }

    @Test("S9: the record that another cluster's archive leaves behind keeps no directory from being archived")
    func leftBehind() async throws {
        try await ShareFixture.run { fixture in
            let theirs = try fixture.plan("theirs", parameters: ["pathPattern": "db"])
            let (way, processes, share) = try await fixture.stoppableProcess(of: "another-cluster")
            let first = try await share.provision(theirs) { _ in }
            let release = fixture.reclaimPlan(theirs, first)
            _ = try await share.reclaim(release, deletesAdopted: false, otherVolumes: { _ in [] })
            #expect(try fixture.record(VolumeRecord.self, theirs.volumeName) != nil)
            let ours = try fixture.plan("ours", parameters: ["pathPattern": "db"])
            let second = try await fixture.provision(ours)
            #expect(second.origin == .created)
            guard case .archived = try await fixture.reclaim(fixture.reclaimPlan(ours, second)) else {
                Issue.record("left in place")
                return
            }
            await processes.close()
            withExtendedLifetime(way) {}
        }
    }

    @Test("S9: a refused claim has made nothing within another cluster's volume")
    func nested() async throws {
        try await ShareFixture.run { fixture in
            let (way, processes, share) = try await fixture.stoppableProcess(of: "another-cluster")
            _ = try await share.provision(fixture.plan("theirs", parameters: ["pathPattern": "db"])) { _ in }
            let ours = try fixture.plan("ours", parameters: ["pathPattern": "db/within/it"])
            await #expect(throws: ShareError.self) { try await fixture.provision(ours) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.url("db").path()) == [])
            await processes.close()
            withExtendedLifetime(way) {}
        }
    }

    @Test("S9: a cluster that gives up leaves the other's directory alone, even if it is empty")
    func givenUp() async throws {
        try await cross { fixture, ours, theirs, calls in
            guard let (winner, _, loser) = try await Self.decide(ours, theirs, calls) else { return }
            try await loser.share.withdraw(loser.plan)
            #expect(try fixture.listing == ["db"], "stopped after \(calls) calls")
            #expect(try fixture.record(VolumeRecord.self, loser.plan.volumeName) == nil)
            #expect(await winner.provision() != nil, "stopped after \(calls) calls")
        }
    }

    @Test("S9: a record of a path that was never taken does not release the other cluster's directory")
    func killed() async throws {
        try await ShareFixture.run { fixture in
            let ours = try fixture.plan("ours", parameters: ["pathPattern": "db"])
            let theirs = try fixture.plan("theirs", parameters: ["pathPattern": "db"])
            _ = try await fixture.provision(ours)
            try fixture.put(VolumeRecord(theirs, origin: .created, directory: nil, cluster: "another-cluster"))
            try await fixture.share.withdraw(theirs)
            #expect(try fixture.listing == ["db"])
            #expect(try fixture.record(VolumeRecord.self, theirs.volumeName) == nil)
            _ = try await fixture.provision(ours)
        }
    }

    /// Asks again, as the controllers do, until one has the path.
    private static func decide(
        _ ours: Side,
        _ theirs: Side,
        _ calls: Int
    ) async throws -> (winner: Side, ProvisionedDirectory, loser: Side)? {
        for _ in 1...3 {
            let (one, other) = (await ours.provision(), await theirs.provision())
            #expect(one == nil || other == nil, "both have it: stopped after \(calls) calls")
            if let one { return (ours, one, theirs) }
            if let other { return (theirs, other, ours) }
        }
        Issue.record("nobody gets it: stopped after \(calls) calls")
        return nil
    }

    // What is in the directory at the path already; nil: it is not there.
    private func cross(
        over files: [String: String]? = nil,
        _ body: (ShareFixture, Side, Side, _ calls: Int) async throws -> Void
    ) async throws {
        for calls in 0..<150 {
            var isStopped = false
            try await ShareFixture.run { fixture in
                if let files {
                    try FileManager.default.createDirectory(at: fixture.url("db"), withIntermediateDirectories: false)
                    for (name, text) in files { try Data(text.utf8).write(to: fixture.url("db/\(name)")) }
                }
                let (breaker, processes, share) = try await fixture.stoppableProcess(of: "another-cluster")
                let ours = Side(plan: try fixture.plan("ours", parameters: ["pathPattern": "db"]), share: fixture.share)
                let theirs = Side(plan: try fixture.plan("theirs", parameters: ["pathPattern": "db"]), share: share)
                breaker.pause(afterCalls: calls)
                let first = Stoppable(breaker) { _ = await theirs.provision() }
                isStopped = try await first.hasStopped()
                if isStopped { _ = await ours.provision() }
                breaker.goOn()
                await first.task.value
                try await body(fixture, ours, theirs, calls)
                await processes.close()
            }
            if !isStopped { return #expect(calls > 5) }
        }
        Issue.record("150 calls, and it is not done")
    }
}
