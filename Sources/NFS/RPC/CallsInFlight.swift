/// The calls sent on a connection whose callbacks are pending, and the time of the server's last answer. They reveal a
/// dead connection whose socket looks alive. A call stays in flight even if its caller no longer waits.
///
/// Belongs to an ``RPCConnection`` and is used only on its thread, by callbacks too.
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
    /// `nil` if the server has not answered on this connection yet.
    private var lastAnswer: Instant?

    /// Creates an empty set; `window` is the most calls in flight.
    init(window: Int) { self.window = window }

    var isEmpty: Bool { calls.isEmpty }
    /// Whether one of them changes something.
    var hasChanges: Bool { calls.values.contains(where: \.changes) }
    /// Whether the server answered anything on this connection.
    var wereAnswered: Bool { lastAnswer != nil }

    /// Notes that the connection is a new one.
    func connected() { lastAnswer = nil }

    /// - Returns: The identifier to finish it with.
    func sent(changing: Bool, at now: Instant, patience: Duration) -> Int {
        defer { nextID += 1 }
        calls[nextID] = Call(changes: changing, sent: now, patience: patience)
        return nextID
    }

    /// Notes that a call's callback came, and whether it carried an answer from the server.
    func finished(_ id: Int, heard: Bool, at now: Instant) {
        calls[id] = nil
        if heard { lastAnswer = now }
    }

    /// Whether the connection is effectively dead: the server sent nothing for as long as a call in flight may take, or
    /// overdue calls that it passed over fill more than half the window.
    func areLost(at now: Instant) -> Bool {
        let overdue = calls.values.filter { $0.sent + $0.patience <= now }
        return overdue.count > window / 2
            || overdue.contains { max($0.sent, lastAnswer ?? $0.sent) + $0.patience <= now }
    }
}
