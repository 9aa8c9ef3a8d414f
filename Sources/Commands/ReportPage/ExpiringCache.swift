/// Values that hold for a while, a bounded number of them: the one that expires next makes room for a new one.
struct ExpiringCache<Key: Hashable, Value> {
    private struct Entry {
        let value: Value
        let expiry: ContinuousClock.Instant
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]

    /// - Parameter limit: The most values that are kept.
    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { entries.count }

    /// - Returns: nil where there is none that still holds.
    func value(_ key: Key, at now: ContinuousClock.Instant) -> Value? {
        guard let entry = entries[key], entry.expiry > now else { return nil }
        return entry.value
    }

    /// - Parameters:
    ///   - value: In place of what was kept for the key.
    ///   - key: What it is kept for.
    ///   - lifetime: How long it holds from `now`.
    ///   - now: The present.
    mutating func keep(_ value: Value, for key: Key, lifetime: Duration, at now: ContinuousClock.Instant) {
        if entries[key] == nil, entries.count >= limit {
            entries = entries.filter { $0.value.expiry > now }
            if entries.count >= limit, let first = entries.min(by: { $0.value.expiry < $1.value.expiry })?.key {
                entries[first] = nil
            }
        }
        entries[key] = Entry(value: value, expiry: now + lifetime)
    }

    mutating func remove(_ key: Key) {
        entries[key] = nil
    }
}
