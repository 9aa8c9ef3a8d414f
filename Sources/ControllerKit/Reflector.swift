import Kubernetes
import Logging
import ServiceLifecycle

/// Keeps a ``Store`` in sync with the API server: lists, then watches, for as long as it runs.
///
/// No failure ends it. While the API server is unreachable, the store stays unchanged. Afterwards the watch continues
/// where it broke or, if its version has expired, a new list is compared with the store, so that deletions during the
/// outage are reported too. An outage is logged when it begins and when it ends.
package struct Reflector<Object: KubernetesObject>: Service {
    let api: API<Object>
    let store: Store<Object>
    let namespace: String?
    let stopwatch: Stopwatch
    let logger: Logger
    let beforeDeletion: @Sendable (Object) -> Void
    let onChange: @Sendable (Change<Object>) -> Void
    private let resyncInterval: Duration

    /// - Parameters:
    ///   - api: The API to list and watch.
    ///   - store: The store to update.
    ///   - namespace: Only this namespace; `nil` for all.
    ///   - resyncInterval: How often every object of the store is shown again as ``Change/resynced(_:)``.
    ///   - clock: The clock that measures intervals.
    ///   - logger: Logs outages.
    ///   - onChange: Called with every change, after the store has it. The watch waits for it: it should add a key to a
    ///     queue and return.
    ///   - beforeDeletion: Called with an object's final state when the watch reports its deletion, before the store
    ///     drops it. Not called for an object that a list no longer has: its last known state may be outdated.
    package init(
        api: API<Object>,
        store: Store<Object>,
        namespace: String? = nil,
        resyncInterval: Duration = .seconds(900),
        clock: some Clock<Duration> = ContinuousClock(),
        logger: Logger,
        onChange: @escaping @Sendable (Change<Object>) -> Void = { _ in },
        beforeDeletion: @escaping @Sendable (Object) -> Void = { _ in }
    ) {
        self.api = api
        self.store = store
        self.namespace = namespace
        self.resyncInterval = resyncInterval
        self.stopwatch = Stopwatch(clock)
        var logger = logger
        logger[metadataKey: "subsystem"] = "kubernetes"
        logger[metadataKey: "kube.resource"] = "\(Object.resource.plural)"
        self.logger = logger
        self.beforeDeletion = beforeDeletion
        self.onChange = onChange
    }

    /// Runs until graceful shutdown or cancellation.
    package func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await resync() }
                group.addTask {
                    var pursuit = ReflectorRun(reflector: self)
                    await pursuit.run()
                }
            }
        }
    }

    private func resync() async {
        while true {
            do {
                try await stopwatch.sleep(for: resyncInterval)
            } catch {
                return
            }
            for object in store.objects { onChange(.resynced(object)) }
        }
    }
}
