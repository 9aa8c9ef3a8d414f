/// Counts the calls in flight on one connection and lets the next ones in, first come, first served.
/// Belongs to an ``RPCConnection`` and is touched on its thread only, by callbacks too.
final class CallWindow {
    private let size: Int
    private var entered = 0
    private var queue: [Promise<Void>] = []

    /// Calls in flight that change something.
    private(set) var changesInFlight = 0
    /// When the server was last heard.
    private(set) var lastAnswer = ContinuousClock.now

    init(size: Int) { self.size = max(size, 1) }

    /// - Returns: `nil` if the call is in, else what to wait for; it is settled when the call is in.
    func enter() -> Promise<Void>? {
        if entered < size {
            entered += 1
            return nil
        }
        let turn = Promise<Void>()
        queue.append(turn)
        return turn
    }

    /// Gives a place back, to the first that still waits for one.
    func leave() {
        while !queue.isEmpty {
            if queue.removeFirst().settle(.success(())) { return }
        }
        entered -= 1
    }

    func sent(changing: Bool) {
        if changing { changesInFlight += 1 }
    }

    /// Notes that a call's callback came, and gives its place back.
    func finished(changing: Bool, heard: Bool) {
        if changing { changesInFlight -= 1 }
        if heard { lastAnswer = .now }
        leave()
    }
}
