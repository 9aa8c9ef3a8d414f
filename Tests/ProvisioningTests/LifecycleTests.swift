import Foundation
import Testing

@testable import Provisioning

@Suite("The life of a directory as a table")
struct LifecycleTests {
    @Test("A1: from a state an event leads to one state only")
    func deterministic() {
        let steps = Dictionary(grouping: Lifecycle.table) { [$0.from.rawValue, $0.event.rawValue] }
        #expect(steps.filter { $0.value.count > 1 }.isEmpty)
    }

    @Test("Every state is reachable, and every state but an end has a next one")
    func reachable() {
        let reached = Set(Lifecycle.table.map(\.to)).union([.making])
        #expect(Set(Lifecycle.State.allCases).subtracting(reached).isEmpty)
        let ends: Set<Lifecycle.State> = [.gone, .purged, .lost]
        let left = Set(Lifecycle.table.map(\.from))
        #expect(Set(Lifecycle.State.allCases).subtracting(left) == ends)
    }

    @Test("A4, R6: a tree is removed only from the trash, after the rename and a check of what was renamed")
    func removal() {
        for step in Lifecycle.table {
            guard let removal = step.effects.firstIndex(of: .removeTree) else { continue }
            let before = step.effects[..<removal]
            let isPrepared = before.contains(.rename) && before.contains(.verifyMoved) || step.from == .purging
            #expect(isPrepared, "\(step.from) \(step.event)")
        }
        for step in Lifecycle.table where step.to == .purging || step.to == .restored && step.from == .archived {
            let effects = step.effects
            #expect(effects.firstIndex(of: .askAgain) ?? .max < effects.firstIndex(of: .rename) ?? -1)
            #expect(effects.firstIndex(of: .rename) ?? .max < effects.firstIndex(of: .lookForHold) ?? -1)
        }
    }

    @Test("A held archive can only be in the states of an existing archive")
    func holds() {
        let held = Lifecycle.table.filter { $0.event == .holdPlaced }.map(\.from)
        #expect(Set(held) == [.archiving, .renamed, .archived])
        #expect(Lifecycle.table.filter { $0.event == .holdPlaced }.allSatisfy { $0.from == $0.to })
    }

    @Test("A1: an archive's record takes the steps of the table and no other", arguments: ArchiveRecord.State.allCases)
    func records(state: ArchiveRecord.State) throws {
        for event in Lifecycle.Event.allCases {
            var contents = ShareContents()
            contents.addArchive("a", state: state)
            var record = try #require(contents.archives["a"])
            let expected = Lifecycle.transition(from: state.lifecycle, on: event).flatMap { ArchiveRecord.State($0.to) }
            do {
                try record.advance(event)
                #expect(record.state == expected)
            } catch {
                #expect(expected == nil && record.state == state)
            }
        }
    }

    @Test("The documentation shows the table as it is")
    func documented() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/how-it-works.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        for step in Lifecycle.table {
            let effects = step.effects.map(\.rawValue).joined(separator: ", ")
            let row = "| \(step.from.rawValue) | \(step.event.rawValue) | \(step.to.rawValue) | \(effects) |"
            #expect(text.contains(row), "\(row)")
        }
        let rows = text.split(separator: "\n").filter { line in
            Lifecycle.Event.allCases.contains { line.contains("| \($0.rawValue) |") }
        }
        #expect(rows.count == Lifecycle.table.count)
    }
}
