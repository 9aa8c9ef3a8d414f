/// Actions due at set times, for an ``RPCConnection``; its thread checks every tenth of a second while any are set.
struct Alarms {
    private struct Alarm {
        let time: ContinuousClock.Instant
        let action: @Sendable () -> Void
    }

    private var alarms: [Int: Alarm] = [:]
    private var nextID = 0

    var isSet: Bool { !alarms.isEmpty }

    /// - Returns: The identifier to clear it with.
    mutating func set(at time: ContinuousClock.Instant, action: @escaping @Sendable () -> Void) -> Int {
        defer { nextID += 1 }
        alarms[nextID] = Alarm(time: time, action: action)
        return nextID
    }

    mutating func clear(_ id: Int) { alarms[id] = nil }

    /// Runs the actions that are due; each repeats until it is cleared.
    func ring(at now: ContinuousClock.Instant) {
        for alarm in alarms.values where alarm.time <= now { alarm.action() }
    }
}
