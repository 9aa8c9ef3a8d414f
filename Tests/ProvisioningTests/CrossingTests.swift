import Foundation
import Kubernetes
import NFS
import Synchronization
import TestBed
import Testing

@testable import Provisioning

/// Two processes want one archive. One is stopped before the first of its changes of the share, the second, the third,
/// …; the other does all that it wants meanwhile; then the first goes on.
@Suite("Two processes at one archive")
struct CrossingTests {
    private enum Action: CaseIterable {
        case hold, purge, move, copy

        /// Whether a second one of it on the same archive may have its way as well.
        func agrees(with other: Action) -> Bool {
            switch (self, other) {
            case (.purge, .purge), (.copy, _), (_, .copy): true
            default: false
            }
        }
    }

    private static let pairs: [(Action, Action)] = [
        (.purge, .hold), (.hold, .purge), (.move, .hold), (.hold, .move), (.purge, .move), (.move, .purge),
        (.purge, .purge), (.purge, .copy), (.copy, .purge),
    ]

    @Test("A3: of a hold, a purge and a restore, conflicting ones never both succeed", arguments: 0..<9)
    func crossing(index: Int) async throws {
        let (first, second) = Self.pairs[index]
        for changes in 0..<40 {
            var isStopped = false
            try await ShareFixture.run { fixture in
                let archive = try await fixture.archiveWithData("db")
                let (breaker, processes, share) = try await fixture.stoppableProcess()
                breaker.pause(afterChanges: changes)
                let isOver = Mutex(false)
                async let outcome = Self.did(first, archive, "one", on: share, fixture) {
                    isOver.withLock { $0 = true }
                }
                try await eventually("it has stopped, or is over") { breaker.isPaused || isOver.withLock { $0 } }
                isStopped = breaker.isPaused
                let hasDoneSecond =
                    isStopped ? await Self.did(second, archive, "two", on: fixture.share, fixture) : false
                breaker.goOn()
                let hasDoneFirst = await outcome
                await processes.close()
                try Self.require(
                    (first, hasDoneFirst),
                    (second, hasDoneSecond),
                    archive,
                    fixture,
                    "\(first) stopped after \(changes) changes, then \(second)"
                )
            }
            if !isStopped {
                #expect(changes > 2)
                return
            }
        }
        Issue.record("forty changes, and it is not done")
    }

    @Test("A purge continues with what another had moved into the trash, which then puts nothing back")
    func latePurge() async throws {
        for changes in 1..<6 { try await Self.cross((.purge, 0), (.purge, changes)) }
    }

    @Test("A purge that gives way leaves what another has moved into the trash to that one")
    func noLongerDue() async throws {
        try await ShareFixture.run { fixture in
            let archive = try await fixture.archiveWithData("db")
            let (breaker, process, share) = try await fixture.stoppableProcess()
            let isOver = Mutex(false)
            breaker.pause(afterChanges: 1)
            async let purged: Void = {
                defer { isOver.withLock { $0 = true } }
                try await share.purge(archive, reason: "the first")
            }()
            try await eventually("the first has moved it") { breaker.isPaused || isOver.withLock { $0 } }
            #expect(try fixture.listing == [])
            let looks = Mutex(0)
            await #expect(throws: ShareError.self) {
                try await fixture.share.purge(archive, reason: "the second") { _ in
                    looks.withLock { looks in
                        looks += 1
                        return looks == 1
                    }
                }
            }
            #expect(try fixture.listing == [] && looks.withLock { $0 } == 2)
            breaker.goOn()
            try await purged
            #expect(try fixture.record(ArchiveRecord.self, archive)?.state == .purged)
            await process.close()
        }
    }

    @Test("A3: the same if both are stopped at any point, and continue one after the other")
    func bothStopped() async {
        await forRandomCases(24) { random in
            let (first, second) = random.pick(Self.pairs)
            let changes = (Int.random(in: 0..<12, using: &random), Int.random(in: 0..<12, using: &random))
            try await Self.cross((first, changes.0), (second, changes.1))
            return true
        }
    }

    private static func cross(
        _ first: (action: Action, changes: Int),
        _ second: (action: Action, changes: Int)
    ) async throws {
        try await ShareFixture.run { fixture in
            let archive = try await fixture.archiveWithData("db")
            let (one, firstProcess, firstShare) = try await fixture.stoppableProcess()
            let (two, secondProcess, secondShare) = try await fixture.stoppableProcess()
            let isFirstOver = Mutex(false)
            let isSecondOver = Mutex(false)
            one.pause(afterChanges: first.changes)
            async let firstOutcome = Self.did(first.action, archive, "one", on: firstShare, fixture) {
                isFirstOver.withLock { $0 = true }
            }
            try await eventually("the first has stopped, or is over") {
                one.isPaused || isFirstOver.withLock { $0 }
            }
            two.pause(afterChanges: second.changes)
            async let secondOutcome = Self.did(second.action, archive, "two", on: secondShare, fixture) {
                isSecondOver.withLock { $0 = true }
            }
            try await eventually("the second has stopped, or is over") {
                two.isPaused || isSecondOver.withLock { $0 }
            }
            one.goOn()
            let hasDoneFirst = await firstOutcome
            two.goOn()
            let hasDoneSecond = await secondOutcome
            await firstProcess.close()
            await secondProcess.close()
            try Self.require(
                (first.action, hasDoneFirst),
                (second.action, hasDoneSecond),
                archive,
                fixture,
                "\(first.action) stopped after \(first.changes) changes, then \(second.action) after \(second.changes)"
            )
        }
    }

    /// - Returns: Whether it was done.
    private static func did(
        _ action: Action,
        _ archive: String,
        _ claim: String,
        on share: ShareConnection,
        _ fixture: ShareFixture,
        whenOver: () -> Void = {}
    ) async -> Bool {
        defer { whenOver() }
        do {
            switch action {
            case .hold: try await share.hold(archive, reason: "court")
            case .purge: try await share.purge(archive, reason: "erasure")
            case .move: _ = try await share.provision(try fixture.plan(claim, restoring: archive)) { _ in }
            case .copy:
                _ = try await share.provision(try fixture.plan(claim, restoring: archive, mode: .copy)) { _ in }
            }
            return true
        } catch {
            return false
        }
    }

    private static func require(
        _ one: (action: Action, isDone: Bool),
        _ other: (action: Action, isDone: Bool),
        _ archive: String,
        _ fixture: ShareFixture,
        _ words: String
    ) throws {
        let words = Comment(rawValue: "\(words): \(one.isDone), \(other.isDone)")
        #expect(!one.isDone || !other.isDone || one.action.agrees(with: other.action), words)
        let record = try #require(try fixture.record(ArchiveRecord.self, archive))
        func isDone(_ action: Action) -> Bool { one == (action, true) || other == (action, true) }
        func holdsData(_ path: String) -> Bool { (try? fixture.text("\(path)/file")) == "db" }
        if isDone(.hold) {
            #expect(record.hold != nil && record.state == .archived && holdsData(record.to), words)
        } else if isDone(.purge) {
            #expect(record.state == .purged && !holdsData(record.to), words)
        }
        // Whatever came of it, the record says where the data is.
        if record.state == .archived { #expect(holdsData(record.to), words) }
        if record.state == .purging {
            #expect(try !fixture.names(in: "trash").isEmpty, words)
        }
        for (action, claim) in [(one, "one"), (other, "two")]
        where action.isDone && (action.action == .move || action.action == .copy) {
            let plan = try fixture.plan(claim, restoring: archive)
            #expect(holdsData(plan.path.description), words)
            if action.action == .move { #expect(record.state == .restored && !holdsData(record.to), words) }
        }
    }
}
