/// Has room for so many calls on one connection and lets the next ones in, first come, first served.
/// Belongs to an ``RPCConnection`` and is touched on its thread only, by callbacks too.
final class CallWindow {
    private let size: Int
    private var entered = 0
    private var queue: [Promise<Void>] = []

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

    /// Takes a turn that is waited for no longer out of the queue.
    func withdraw(_ turn: Promise<Void>) { queue.removeAll { $0 === turn } }

    /// Gives a place back, to the first that still waits for one.
    func leave() {
        while !queue.isEmpty {
            if queue.removeFirst().settle(.success(())) { return }
        }
        entered -= 1
    }
}
