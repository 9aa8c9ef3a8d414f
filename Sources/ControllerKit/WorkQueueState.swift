import DequeModule
import HeapModule

/// The work queue without its clock, lock or tasks: a value whose transitions return what to do outside.
///
/// A key is in one of these states: *ready* (queued for a worker), *delayed* (ready at a later time), *processing* (a
/// worker has it), *processing and dirty* (ready again once that worker is done), or unknown.
struct WorkQueueState<Key: Hashable & Sendable, Waiter> {
    /// What the caller does after it releases the lock.
    enum Effect {
        case none
        /// Give the key to this waiting worker.
        case hand(Key, to: Waiter)
        /// The earliest delayed key has changed.
        case resetTimer
        /// Dismiss these workers without a key.
        case dismiss([Waiter])
    }

    /// The answer to a worker that asks for a key.
    enum Turn {
        case work(Key)
        case wait
        case shutDown
    }

    private struct Delayed: Comparable {
        let due: Duration
        /// The order of arrival; distinguishes the valid entry of a key from one that an earlier time has replaced.
        let number: Int
        let key: Key

        static func < (left: Self, right: Self) -> Bool { (left.due, left.number) < (right.due, right.number) }
        static func == (left: Self, right: Self) -> Bool { left.number == right.number }
    }

    private var ready: FairQueue<Key>
    /// Keys to be worked on: those in `ready`, and those being worked on that were added again.
    private var dirty = Set<Key>()
    private var processing = Set<Key>()
    private var delayed: [Key: Delayed] = [:]
    /// Every delayed entry, replaced ones included; these are skipped when they surface.
    private var timeline = Heap<Delayed>()
    private var waiters = Deque<(id: Int, waiter: Waiter)>()
    private var failures: [Key: Int] = [:]
    private var nextNumber = 0
    private var adds = 0
    private var retries = 0
    private(set) var isShutDown = false

    /// - Parameter group: Returns the group of a key; groups take turns.
    init(group: @escaping @Sendable (Key) -> String = { _ in "" }) {
        ready = FairQueue(group: group)
    }

    /// When the next delayed key comes due.
    var earliest: Duration? { timeline.min?.due }

    /// Delayed entries held, replaced ones included.
    var timelineCount: Int { timeline.count }

    var statistics: WorkQueueStatistics {
        WorkQueueStatistics(depth: ready.count, adds: adds, retries: retries)
    }

    /// Failures of `key` since it was last forgotten.
    func attempts(_ key: Key) -> Int { failures[key, default: 0] }

    mutating func forget(_ key: Key) { failures[key] = nil }

    /// Counts one more failure and returns the count.
    mutating func countFailure(_ key: Key) -> Int {
        retries += 1
        failures[key, default: 0] += 1
        return failures[key, default: 0]
    }

    /// Queues `key` now, unless it is queued already.
    mutating func add(_ key: Key) -> Effect {
        guard !isShutDown else { return .none }
        delayed[key] = nil
        guard dirty.insert(key).inserted else { return .none }
        adds += 1
        return processing.contains(key) ? .none : enqueue(key)
    }

    /// Queues `key` at `due`, unless it is queued already or due earlier.
    mutating func add(_ key: Key, due: Duration) -> Effect {
        guard !isShutDown, !dirty.contains(key) else { return .none }
        if let known = delayed[key], known.due <= due { return .none }
        let previous = earliest
        let entry = Delayed(due: due, number: number(), key: key)
        delayed[key] = entry
        timeline.insert(entry)
        dropReplacedEntries()
        return earliest == previous ? .none : .resetTimer
    }

    /// Queues every key that is due at `now`.
    mutating func advance(to now: Duration) -> [Effect] {
        var effects: [Effect] = []
        while let entry = timeline.min, entry.due <= now || delayed[entry.key] != entry {
            timeline.removeMin()
            guard delayed[entry.key] == entry else { continue }
            effects.append(add(entry.key))
        }
        return effects
    }

    /// Takes the next key for a worker.
    mutating func next() -> Turn {
        guard !isShutDown else { return .shutDown }
        guard let key = ready.popFirst() else { return .wait }
        start(key)
        return .work(key)
    }

    /// Adds a worker to the line of waiting workers.
    mutating func wait(_ waiter: Waiter, id: Int) { waiters.append((id, waiter)) }

    /// Removes and returns a waiting worker; `nil` if it is not waiting (any more).
    mutating func leave(id: Int) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index).waiter
    }

    /// Ends the work on `key`, which is queued again if it was added meanwhile.
    mutating func finish(_ key: Key) -> Effect {
        processing.remove(key)
        return dirty.contains(key) && !isShutDown ? enqueue(key) : .none
    }

    /// Drops all queued and delayed keys, and dismisses the waiting workers.
    mutating func shutDown() -> Effect {
        isShutDown = true
        ready.removeAll()
        dirty.removeAll()
        delayed.removeAll()
        timeline = Heap()
        defer { waiters.removeAll() }
        return .dismiss(waiters.map(\.waiter))
    }

    /// A number that was never returned before.
    mutating func number() -> Int {
        nextNumber += 1
        return nextNumber
    }

    private mutating func enqueue(_ key: Key) -> Effect {
        guard let first = waiters.popFirst() else {
            ready.append(key)
            return .none
        }
        start(key)
        return .hand(key, to: first.waiter)
    }

    private mutating func start(_ key: Key) {
        dirty.remove(key)
        processing.insert(key)
    }

    /// Keeps the timeline from growing when one key is delayed and added over and over.
    private mutating func dropReplacedEntries() {
        guard timeline.count > 2 * delayed.count + 64 else { return }
        timeline = Heap(delayed.values)
    }
}

/// A queue of keys whose groups take turns: a group with many keys does not delay the others. Within a group, it is
/// first come, first served.
struct FairQueue<Key> {
    private let group: @Sendable (Key) -> String
    private var lines: [String: Deque<Key>] = [:]
    /// The groups with queued keys, the next one first.
    private var turns = Deque<String>()
    private(set) var count = 0

    init(group: @escaping @Sendable (Key) -> String) {
        self.group = group
    }

    mutating func append(_ key: Key) {
        let group = group(key)
        if lines[group] == nil { turns.append(group) }
        lines[group, default: []].append(key)
        count += 1
    }

    mutating func popFirst() -> Key? {
        guard let group = turns.popFirst(), let key = lines[group]?.popFirst() else { return nil }
        count -= 1
        if lines[group]?.isEmpty ?? true { lines[group] = nil } else { turns.append(group) }
        return key
    }

    mutating func removeAll() {
        lines = [:]
        turns = []
        count = 0
    }
}
