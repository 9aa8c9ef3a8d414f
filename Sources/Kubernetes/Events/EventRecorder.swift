import Logging
import Synchronization

/// Records events on objects, for `kubectl describe`.
///
/// Recording is best effort: it never fails and takes a few seconds at most. An event that cannot be recorded is
/// logged.
package final class EventRecorder: Sendable {
    private struct State {
        var log = EventLog()
        var underway = 0

        mutating func admit(atMost limit: Int) -> Bool {
            guard underway < limit else { return false }
            underway += 1
            return true
        }
    }

    private let events: API<Event>
    private let component: String
    private let instance: String
    private let logger: Logger
    private let state = Mutex(State())

    private static let timeout: Duration = .seconds(5)
    private static let mostUnderway = 64

    /// - Parameters:
    ///   - client: The client of the API server.
    ///   - component: The reporting component, as events name it.
    ///   - instance: The reporting instance, such as the pod's name.
    ///   - logger: Logs events that could not be recorded.
    package init(client: KubernetesClient, component: String, instance: String, logger: Logger) {
        events = client.api()
        self.component = component
        self.instance = instance
        self.logger = logger
    }

    /// Records an event on an object.
    ///
    /// A repeat of the same event on the same object within ten minutes raises the count of the first event. Events on
    /// cluster-scoped objects go into the namespace `default`, as is usual.
    ///
    /// - Parameters:
    ///   - object: The object of the event; `kind`, `name` and `uid` let `kubectl describe` find it.
    ///   - type: Normal or warning.
    ///   - reason: One word in upper camel case.
    ///   - message: A sentence; truncated to 1024 bytes.
    package func record(on object: ObjectReference, type: EventType, reason: String, message: String) async {
        let note = EventLog.Note(object: object, type: type, reason: reason, message: message.cut(toBytes: 1024))
        guard state.withLock({ $0.admit(atMost: Self.mostUnderway) }) else {
            return lost(note, "too many events at the same time")
        }
        defer { state.withLock { $0.underway -= 1 } }
        let failure = await withDeadline(Self.timeout) { await self.failure(noting: note, on: object) }
        switch failure {
        case .none: lost(note, "no answer in time")
        case .some(.none): break
        case .some(.some(let error)): lost(note, "\(error)")
        }
    }

    private func failure(noting note: EventLog.Note, on object: ObjectReference) async -> KubernetesError? {
        do {
            let now = Timestamp.now
            if let entry = state.withLock({ $0.log.repeated(note, at: now) }), try await raise(entry) { return nil }
            let event = try await events.create(event(note, on: object, at: now))
            state.withLock { $0.log.made(note, event.key, at: now) }
            return nil
        } catch {
            return error
        }
    }

    /// Raises the count of an event.
    ///
    /// - Returns: `false` if the event is gone; the cluster drops events after an hour.
    private func raise(_ entry: EventLog.Entry) async throws(KubernetesError) -> Bool {
        do {
            _ = try await events.patch(
                entry.key,
                .merge(["count": .integer(Int64(entry.count)), "lastTimestamp": .string(entry.last.description)])
            )
            return true
        } catch {
            guard error.code == .notFound else { throw error }
            return false
        }
    }

    private func event(_ note: EventLog.Note, on object: ObjectReference, at now: Timestamp) -> Event {
        Event(
            metadata: ObjectMeta(name: eventName(object.name ?? ""), namespace: object.namespace ?? "default"),
            involvedObject: object,
            reason: note.reason,
            message: note.message,
            type: note.type,
            source: Event.Source(component: component),
            reportingComponent: component,
            reportingInstance: instance,
            firstTimestamp: now,
            lastTimestamp: now,
            count: 1
        )
    }

    private func lost(_ note: EventLog.Note, _ reason: String) {
        logger.info(
            "failed to record an event",
            metadata: [
                "event.reason": "\(note.reason)",
                "event.message": "\(note.message)",
                "event.object": "\(ObjectKey(namespace: note.object.namespace, name: note.object.name ?? ""))",
                "error": "\(reason)",
            ]
        )
    }
}

/// `<object>.<time in hexadecimal>`, at most the 253 bytes a name may have.
func eventName(_ object: String) -> String {
    let nanoseconds = MicroTime.now.microseconds * 1000 + .random(in: 0..<1000)
    let suffix = "." + String(nanoseconds, radix: 16)
    var stem = object.cut(toBytes: 253 - suffix.utf8.count)
    while let last = stem.last, !(last.isLetter || last.isNumber) { stem.removeLast() }
    return stem + suffix
}

extension String {
    /// The longest prefix of at most `limit` bytes that ends between two characters.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var size = 0
        return String(
            prefix { character in
                size += character.utf8.count
                return size <= limit
            }
        )
    }
}

/// Remembers recent events, so that a repeat raises a count instead of creating another event.
struct EventLog: Sendable {
    /// The parts by which two events are the same.
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

    /// An event that exists in the cluster.
    struct Entry: Hashable, Sendable {
        var key: ObjectKey
        var count: Int
        var last: Timestamp
    }

    /// How long after the last occurrence a repeat still raises the count, in seconds.
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
    /// - Returns: The event to change, with its new count; `nil` if a new one has to be created.
    mutating func repeated(_ note: Note, at now: Timestamp) -> Entry? {
        guard var entry = entries[note], now.seconds - entry.last.seconds <= Self.window else { return nil }
        entry.count += 1
        entry.last = now
        entries[note] = entry
        return entry
    }

    /// Remembers an event that was created.
    mutating func made(_ note: Note, _ key: ObjectKey, at now: Timestamp) {
        if entries.updateValue(Entry(key: key, count: 1, last: now), forKey: note) == nil { order.append(note) }
        if order.count > capacity { entries[order.removeFirst()] = nil }
    }
}
