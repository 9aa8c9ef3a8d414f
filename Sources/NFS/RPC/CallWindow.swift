/// Limits the calls in flight on one connection and admits the rest first come, first served. Belongs to an
/// ``RPCConnection`` and is used only on its thread, by callbacks too.
final class CallWindow {
    private let size: Int
    private var entered = 0
    private var queue: [Promise<Void>] = []

    init(size: Int) { self.size = max(size, 1) }

    /// - Returns: `nil` if the call is admitted; otherwise a promise that is settled once it is.
    func enter() -> Promise<Void>? {
        if entered < size {
            entered += 1
            return nil
        }
        let turn = Promise<Void>()
        queue.append(turn)
        return turn
    }

    /// Removes a turn that nobody waits for any more from the queue.
    func withdraw(_ turn: Promise<Void>) { queue.removeAll { $0 === turn } }

    /// Frees a place and gives it to the first call that still waits for one.
    func leave() {
        while !queue.isEmpty {
            if queue.removeFirst().settle(.success(())) { return }
        }
        entered -= 1
    }
}
