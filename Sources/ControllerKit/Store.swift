import Kubernetes
import Synchronization

/// The objects of one type as a ``Reflector`` last saw them, by key and by index.
///
/// Its contents may be slightly stale: before anything is destroyed, the object is read from the API server again.
package final class Store<Object: KubernetesObject>: Sendable {
    private struct State {
        var contents: StoreState<Object>
        var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
        var nextWaiter = 0
    }

    private let state: Mutex<State>

    /// - Parameter indexers: By the name of an index, a function that returns the values under which it lists an
    ///   object.
    package init(indexers: [String: @Sendable (Object) -> [String]] = [:]) {
        state = Mutex(State(contents: StoreState(indexers: indexers)))
    }

    /// The object of this key, as last seen.
    package subscript(key: ObjectKey) -> Object? {
        state.withLock { $0.contents.objects[key] }
    }

    /// Every object, in no particular order.
    package var objects: [Object] {
        state.withLock { Array($0.contents.objects.values) }
    }

    package var count: Int {
        state.withLock { $0.contents.objects.count }
    }

    /// The objects whose indexer returns `value`, in no particular order. The store must have been created with the
    /// index.
    package func objects(indexedBy index: String, value: String) -> [Object] {
        state.withLock { $0.contents.objects(indexedBy: index, value: value) }
    }

    /// Makes an own write visible before the watch reports it: `object` is the API server's response to the write.
    ///
    /// It is not reported as a ``Change``; that comes with the watch. A response older than what the store has seen is
    /// dropped.
    package func upsert(_ object: Object) {
        state.withLock { $0.contents.upsert(object) }
    }

    /// Whether the first list is complete.
    package var isSynced: Bool {
        state.withLock { $0.contents.isSynced }
    }

    /// Returns once the first list is complete; its changes are reported right after.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    package func waitUntilSynced() async throws {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.contents.isSynced { return .success(()) }
                    // Checked under the lock: a later cancellation finds the waiter in place.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiters[id] = waiter
                    return nil
                }
                if let result { waiter.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }

    /// Returns what to keep of an object of a new list.
    func kept(_ object: Object) -> Object {
        state.withLock { $0.contents.kept(object) }
    }

    /// Replaces the contents with a complete list, in one step for all readers; listed objects that cannot be read stay
    /// as they were.
    ///
    /// - Returns: The changes, including objects that have vanished.
    func replace(
        with list: [Object],
        keeping unreadable: Set<ObjectKey>,
        resourceVersion: String
    ) -> [Change<Object>] {
        let (changes, waiters) = state.withLock { state in
            defer { state.waiters = [:] }
            let changes = state.contents.replace(with: list, keeping: unreadable, resourceVersion: resourceVersion)
            return (changes, state.waiters)
        }
        waiters.values.forEach { $0.resume() }
        return changes
    }

    func apply(_ object: Object) -> [Change<Object>] {
        state.withLock { $0.contents.apply(object) }
    }

    func remove(_ object: Object) -> [Change<Object>] {
        state.withLock { $0.contents.remove(object) }
    }

    func remove(_ object: UndecodableObject) -> [Change<Object>] {
        state.withLock { $0.contents.remove(object) }
    }

    func observe(_ resourceVersion: String) {
        state.withLock { $0.contents.observe(resourceVersion) }
    }
}

/// What happened to one object of a ``Store``.
package enum Change<Object: KubernetesObject>: Sendable {
    /// The object is new (`old` is nil) or has changed.
    case applied(old: Object?, new: Object)
    /// The object is gone; the value is its last known state.
    case deleted(Object)
    /// Nothing happened; the object is reported again to make up for anything missed.
    case resynced(Object)

    /// The object in its latest known state.
    package var object: Object {
        switch self {
        case .applied(_, let object), .deleted(let object), .resynced(let object): object
        }
    }
}
