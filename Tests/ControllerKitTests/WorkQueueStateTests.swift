import TestBed
import Testing

@testable import ControllerKit

/// The queue checked against the plain words of its rules, by many random histories.
@Suite struct WorkQueueStateTests {
    /// What the queue should know, kept the obvious way.
    private struct Model {
        /// Keys owed to a worker, with the time from which on.
        var owed: [Int: Duration] = [:]
        var held = Set<Int>()
        var now = Duration.zero

        func isReady(_ key: Int) -> Bool {
            owed[key].map { $0 <= now } == true && !held.contains(key)
        }
    }

    @Test func `what is in line and what was put there is counted, a key that is in line already once`() {
        var queue = WorkQueueState<Int, Int>()
        for key in [1, 2, 1] { _ = queue.add(key) }
        _ = queue.add(3, due: .seconds(1))
        #expect(queue.statistics == WorkQueueStatistics(depth: 2, adds: 2, retries: 0))
        _ = queue.next()
        _ = queue.add(1)
        #expect(queue.statistics == WorkQueueStatistics(depth: 1, adds: 3, retries: 0))
        _ = queue.finish(1)
        _ = queue.advance(to: .seconds(1))
        _ = queue.countFailure(2)
        #expect(queue.statistics == WorkQueueStatistics(depth: 3, adds: 4, retries: 1))
    }

    @Test(arguments: UInt64(1)...40)
    func `a key is owed until a worker has it, at the earliest time, to one worker at once`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = WorkQueueState<Int, Int>()
        var model = Model()

        func take(_ key: Int, by model: inout Model) {
            #expect(model.isReady(key), "key \(key) is not owed now")
            model.owed[key] = nil
            model.held.insert(key)
        }
        func perform(_ effect: WorkQueueState<Int, Int>.Effect, on model: inout Model) {
            if case .hand(let key, to: _) = effect { take(key, by: &model) }
        }

        for step in 0..<3_000 {
            let key = Int.random(in: 0..<12, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0:
                model.owed[key] = min(model.owed[key] ?? model.now, model.now)
                perform(queue.add(key), on: &model)
            case 1:
                let due = model.now + .seconds(Int.random(in: 1...50, using: &generator))
                model.owed[key] = min(model.owed[key] ?? due, due)
                perform(queue.add(key, due: due), on: &model)
            case 2:
                model.now += .seconds(Int.random(in: 0...10, using: &generator))
                for effect in queue.advance(to: model.now) { perform(effect, on: &model) }
            case 3, 4:
                switch queue.next() {
                case .work(let key): take(key, by: &model)
                case .wait: if model.held.count < 5 { queue.wait(step, id: step) }
                case .shutDown: Issue.record("nobody shut the queue down")
                }
            default:
                guard let done = model.held.sorted().randomElement(using: &generator) else { continue }
                model.held.remove(done)
                perform(queue.finish(done), on: &model)
            }
        }

        model.now += .seconds(100)
        for effect in queue.advance(to: model.now) { perform(effect, on: &model) }
        while let key = model.held.first {
            model.held.remove(key)
            perform(queue.finish(key), on: &model)
            while case .work(let key) = queue.next() { take(key, by: &model) }
        }
        #expect(model.owed.isEmpty, "keys were lost")
    }

    @Test func `keys come out in the order they went in`() {
        var queue = WorkQueueState<Int, Int>()
        for key in [3, 1, 2, 1, 3] { _ = queue.add(key) }
        #expect(taken(from: &queue) == [3, 1, 2])
    }

    @Test func `workers are served in the order they came`() {
        var queue = WorkQueueState<Int, String>()
        queue.wait("first", id: 1)
        queue.wait("second", id: 2)
        queue.wait("third", id: 3)
        #expect(queue.leave(id: 2) == "second")
        guard case .hand(7, to: "first") = queue.add(7), case .hand(8, to: "third") = queue.add(8) else {
            Issue.record("the wrong worker was served")
            return
        }
    }

    @Test func `a key delayed and added over and over takes no more room`() {
        var queue = WorkQueueState<Int, Int>()
        for round in 0..<10_000 {
            _ = queue.add(1, due: .seconds(1_000 + round))
            _ = queue.add(1)
            _ = taken(from: &queue)
        }
        #expect(queue.timelineCount <= 70)
    }

    @Test func `shut down, the queue drops what it has and takes nothing more`() {
        var queue = WorkQueueState<Int, Int>()
        _ = queue.add(1)
        _ = queue.add(2, due: .seconds(1))
        _ = queue.shutDown()
        _ = queue.add(3)
        _ = queue.add(4, due: .seconds(1))
        #expect(queue.advance(to: .seconds(2)).isEmpty)
        guard case .shutDown = queue.next() else {
            Issue.record("the queue still hands out keys")
            return
        }
    }

    private func taken(from queue: inout WorkQueueState<Int, Int>) -> [Int] {
        var keys: [Int] = []
        while case .work(let key) = queue.next() {
            keys.append(key)
            _ = queue.finish(key)
        }
        return keys
    }
}
