/// A bounded cache of values that expire. When it is full, the value that expires next makes room for a new one.
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

    /// - Returns: nil if there is none that is still valid.
    func value(_ key: Key, at now: ContinuousClock.Instant) -> Value? {
        guard let entry = entries[key], entry.expiry > now else { return nil }
        return entry.value
    }

    /// - Parameters:
    ///   - value: The value, which replaces an earlier one of the key.
    ///   - key: The value's key.
    ///   - lifetime: How long it is valid, from `now`.
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
