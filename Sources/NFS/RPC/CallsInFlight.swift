/// The calls sent on a connection whose callbacks have not come, and when its server was heard: what shows that a
/// connection is dead although its socket is not. What a caller no longer waits for is in flight all the same.
///
/// Belongs to an ``RPCConnection`` and is touched on its thread only, by callbacks too.
final class CallsInFlight {
    typealias Instant = ContinuousClock.Instant

    private struct Call {
        let changes: Bool
        let sent: Instant
        let patience: Duration
    }

    private let window: Int
    private var calls: [Int: Call] = [:]
    private var nextID = 0
    /// `nil` if nothing was heard on this connection yet.
    private var lastAnswer: Instant?

    /// `window` is how many calls there may be.
    init(window: Int) { self.window = window }

    var isEmpty: Bool { calls.isEmpty }
    /// Whether one of them changes something.
    var hasChanges: Bool { calls.values.contains(where: \.changes) }
    /// Whether the server answered anything on this connection.
    var wereAnswered: Bool { lastAnswer != nil }

    /// The connection is a new one.
    func connected() { lastAnswer = nil }

    /// - Returns: What to finish it with.
    func sent(changing: Bool, at now: Instant, patience: Duration) -> Int {
        defer { nextID += 1 }
        calls[nextID] = Call(changes: changing, sent: now, patience: patience)
        return nextID
    }

    /// Notes that a call's callback came, and whether the server was heard in it.
    func finished(_ id: Int, heard: Bool, at now: Instant) {
        calls[id] = nil
        if heard { lastAnswer = now }
    }

    /// Whether the connection is as good as dead: nothing came back for as long as a call in flight may take, or calls
    /// that the server answers others instead of hold more than half the window.
    func areLost(at now: Instant) -> Bool {
        let overdue = calls.values.filter { $0.sent + $0.patience <= now }
        return overdue.count > window / 2
            || overdue.contains { max($0.sent, lastAnswer ?? $0.sent) + $0.patience <= now }
    }
}
