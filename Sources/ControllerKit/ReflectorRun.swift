import CMalloc
import Kubernetes
import Logging

/// One run of a ``Reflector``: performs the actions of ``ReflectorState``, and reports their outcome to it.
struct ReflectorRun<Object: KubernetesObject> {
    private static var watchRequest: String { "WATCH \(Object.resource.plural)" }
    private static var emptyWatch: KubernetesError {
        KubernetesError(code: .connection, request: watchRequest, reason: "the API server closed it immediately")
    }

    private let reflector: Reflector<Object>
    private var state = ReflectorState()
    private var generator = SystemRandomNumberGenerator()
    /// The objects of the list's pages so far.
    private var list: [Object] = []
    /// The keys of objects in the pages that cannot be read.
    private var unreadable = Set<ObjectKey>()
    private var lastError: KubernetesError
    private var outage: OutageLog

    init(reflector: Reflector<Object>) {
        self.reflector = reflector
        outage = OutageLog(logger: reflector.logger)
        lastError = Self.emptyWatch
    }

    mutating func run() async {
        var input = ReflectorState.Input.ready
        while !Task.isCancelled {
            let action = state.next(input, at: reflector.stopwatch.now, using: &generator)
            switch action {
            case .pause where state.isFailing: outage.failed(lastError)
            default: if !state.isFailing { outage.succeeded() }
            }
            input = await perform(action)
        }
    }

    private mutating func perform(_ action: ReflectorState.Action) async -> ReflectorState.Input {
        switch action {
        case .list(let request):
            return await readPage(request)
        case .adopt(let resourceVersion):
            announce(reflector.store.replace(with: list, keeping: unreadable, resourceVersion: resourceVersion))
            forgetList()
            // A list of everything briefly takes much memory, and the C library keeps what was freed.
            malloc_trim(0)
            return .ready
        case .watch(let resourceVersion):
            return await watch(from: resourceVersion)
        case .pause(let duration):
            // Cut short by cancellation, which the loop checks next.
            try? await reflector.stopwatch.sleep(for: duration)
            return .ready
        }
    }

    private mutating func readPage(_ request: ReflectorState.ListRequest) async -> ReflectorState.Input {
        if request.continueToken == nil { forgetList() }
        do {
            let page = try await reflector.api.page(
                limit: request.limit,
                continueToken: request.continueToken,
                resourceVersion: request.notOlderThan,
                namespace: reflector.namespace,
                kept: { [store = reflector.store] in store.kept($0) }
            )
            list += page.items
            unreadable.formUnion(page.undecodable.compactMap(\.key))
            page.undecodable.forEach(report)
            return .page(resourceVersion: page.resourceVersion, continueToken: page.continueToken)
        } catch {
            return failed(error)
        }
    }

    private mutating func watch(from resourceVersion: String) async -> ReflectorState.Input {
        do {
            try await reflector.api.watch(
                from: resourceVersion,
                // Spread out, so that the watches of many clients do not end together.
                timeoutSeconds: Int.random(in: 300...600, using: &generator),
                namespace: reflector.namespace
            ) { event throws(KubernetesError) in
                try take(event)
            }
            lastError = Self.emptyWatch
            return .watchEnded
        } catch {
            return failed(error)
        }
    }

    private mutating func take(_ event: WatchEvent<Object>) throws(KubernetesError) {
        switch event {
        case .added(let object), .modified(let object):
            received(object.metadata.resourceVersion)
            announce(reflector.store.apply(object))
        case .deleted(let object):
            received(object.metadata.resourceVersion)
            reflector.beforeDeletion(object)
            announce(reflector.store.remove(object))
        case .bookmark(let resourceVersion):
            received(resourceVersion)
            reflector.store.observe(resourceVersion)
        case .error(let status):
            throw KubernetesError(status: status, request: Self.watchRequest)
        case .undecodable(let object, isDeleted: true) where object.key != nil:
            received(object.resourceVersion)
            announce(reflector.store.remove(object))
        case .undecodable(let object, isDeleted: _):
            report(object)
            guard state.receivedUndecodable(object.resourceVersion) else { return }
            throw KubernetesError(code: .decoding, request: Self.watchRequest, reason: object.reason)
        }
    }

    private mutating func received(_ resourceVersion: String?) {
        state.received(resourceVersion ?? "")
        outage.succeeded()
    }

    private mutating func failed(_ error: KubernetesError) -> ReflectorState.Input {
        lastError = error
        return .failed(ReflectorState.Failure(error))
    }

    private func announce(_ changes: [Change<Object>]) {
        changes.forEach(reflector.onChange)
    }

    private mutating func forgetList() {
        list = []
        unreadable = []
    }

    private func report(_ object: UndecodableObject) {
        reflector.logger.warning("skipped an object that cannot be read", metadata: ["error": "\(object.reason)"])
    }
}

extension ReflectorState.Failure {
    init(_ error: KubernetesError) {
        self.init(kind: Kind(error), retryAfter: error.retryAfter)
    }
}

extension ReflectorState.Failure.Kind {
    fileprivate init(_ error: KubernetesError) {
        let causes = error.status?.details?.causes ?? []
        self =
            switch error.code {
            case .gone: .expired
            case _ where causes.contains { $0.reason == "ResourceVersionTooLarge" }: .tooNew
            case .decoding: .undecodable
            case .tooLarge: .tooLarge
            default: .other
            }
    }
}
