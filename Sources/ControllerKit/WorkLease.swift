/// One key in the hands of one worker; no other worker gets the key until the lease has ended.
///
/// The lease ends with ``done()`` or with its scope, so it can be neither forgotten nor ended twice.
package struct WorkLease<Key: Hashable & Sendable>: ~Copyable, Sendable {
    /// What to work on.
    package let key: Key
    private let queue: WorkQueue<Key>

    init(key: Key, queue: WorkQueue<Key>) {
        self.key = key
        self.queue = queue
    }

    /// Hands the key back; if it was added meanwhile, it is in line again.
    package consuming func done() {}

    deinit {
        queue.finish(key)
    }
}
