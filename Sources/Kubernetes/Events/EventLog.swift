/// Remembers the events of late, so that a repeat raises a count instead of making another.
struct EventLog: Sendable {
    /// What makes two events the same.
    struct Note: Hashable, Sendable {
        var object: ObjectReference
        var type: EventType
        var reason: String
        var message: String

        init(object: ObjectReference, type: EventType, reason: String, message: String) {
            self.object = object
            self.object.resourceVersion = nil
            self.type = type
            self.reason = reason
            self.message = message
        }
    }

    /// An event that stands in the cluster.
    struct Entry: Hashable, Sendable {
        var key: ObjectKey
        var count: Int
        var last: Timestamp
    }

    /// How long after the last a repeat still counts as one, in seconds.
    static let window: Int64 = 600

    private let capacity: Int
    private var entries: [Note: Entry] = [:]
    /// Oldest first.
    private var order: [Note] = []

    /// - Parameter capacity: How many events are remembered.
    init(capacity: Int = 1024) {
        self.capacity = capacity
    }

    /// Counts a repeat.
    ///
    /// - Returns: The event to change, with its new count; `nil` if there is none and one has to be made.
    mutating func repeated(_ note: Note, at now: Timestamp) -> Entry? {
        guard var entry = entries[note], now.seconds - entry.last.seconds <= Self.window else { return nil }
        entry.count += 1
        entry.last = now
        entries[note] = entry
        return entry
    }

    /// Remembers an event that was made.
    mutating func made(_ note: Note, _ key: ObjectKey, at now: Timestamp) {
        if entries.updateValue(Entry(key: key, count: 1, last: now), forKey: note) == nil { order.append(note) }
        if order.count > capacity { entries[order.removeFirst()] = nil }
    }
}
