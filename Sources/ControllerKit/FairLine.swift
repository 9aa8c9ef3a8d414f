import DequeModule

/// Keys in line, by groups that take turns: one with many keys keeps no other waiting. Within a group it is first come,
/// first served.
struct FairLine<Key> {
    private let group: @Sendable (Key) -> String
    private var lines: [String: Deque<Key>] = [:]
    /// The groups that have keys in line, the next one first.
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
