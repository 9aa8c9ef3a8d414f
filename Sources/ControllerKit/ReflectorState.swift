/// The state machine of a ``Reflector``: a value without I/O, driven by events and the time.
///
/// The rules are those of client-go's reflector:
/// - The first list reads the most recent state, in pages. A later one requests a state not older than the last seen,
///   in one piece; if that fails, it falls back to the first form, and pages that are too large to read are halved.
/// - A watch starts where the list or the last watch left off. When it ends normally, the next one starts immediately.
/// - An expired version leads to a list; every other failure to a pause and a retry.
struct ReflectorState {
    struct ListRequest: Hashable {
        /// The oldest acceptable version of the list; `nil` requests the most recent one.
        var notOlderThan: String?
        /// Objects per page; `nil` requests all in one page.
        var limit: Int?
        /// Continues an earlier page.
        var continueToken: String?

        /// The most recent state, in pages.
        static let mostRecent = ListRequest(limit: 500)
        /// This many objects of the largest size that etcd accepts, 1.5 MiB, are far below the largest response that is
        /// read.
        private static let smallestPage = 10

        /// The same list from its beginning, in pages half as large; a list requested in one piece is split into pages.
        var inSmallerPages: ListRequest {
            limit.map { ListRequest(limit: max($0 / 2, Self.smallestPage)) } ?? .mostRecent
        }
    }

    struct Failure: Hashable {
        enum Kind {
            /// The resource version or the page token is too old for the API server.
            case expired
            /// The API server has not reached the version yet, or never will.
            case tooNew
            /// The watch was left because its events could not be read.
            case undecodable
            /// The response is larger than what the client reads.
            case tooLarge
            case other
        }

        var kind: Kind
        /// The delay before a retry that the API server asked for.
        var retryAfter: Duration?
    }

    enum Input: Hashable {
        /// At the start, after a pause, and after a list was adopted.
        case ready
        case page(resourceVersion: String, continueToken: String?)
        case watchEnded
        case failed(Failure)
    }

    enum Action: Hashable {
        case list(ListRequest)
        /// The list is complete: put it in the store.
        case adopt(resourceVersion: String)
        case watch(resourceVersion: String)
        case pause(Duration)
    }

    private enum Phase {
        case list(ListRequest)
        case watch
    }

    /// A watch that ends sooner and without events is a failure: the API server refuses without an error.
    private static let shortestWatch = Duration.seconds(1)
    /// The time without a failure after which earlier ones are forgotten.
    private static let healthyAfter = Duration.seconds(120)
    /// The number of consecutive unreadable objects that leads to a list.
    private static let undecodableLimit = 3

    private let backoff: Backoff
    private var phase = Phase.list(.mostRecent)
    /// The version the store is at; empty before the first list.
    private var version = ""
    private var watchStart = Duration.zero
    private var watchIsEmpty = true
    private var undecodables = 0
    private var failures = 0
    private var lastFailure = Duration.zero
    private var lastExpiry: Duration?
    /// Whether list and watch have stopped working.
    private(set) var isFailing = false

    init(backoff: Backoff = .apiServer) {
        self.backoff = backoff
    }

    mutating func next(
        _ input: Input,
        at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Action {
        switch input {
        case .ready:
            return perform(phase, at: now)
        case .page(let listVersion, let token):
            return listed(listVersion, token, at: now, using: &generator)
        case .watchEnded:
            return watchEnded(at: now, using: &generator)
        case .failed(let failure):
            return failed(failure, at: now, using: &generator)
        }
    }

    /// Records that the watch reported an object or a bookmark.
    mutating func received(_ eventVersion: String) {
        isFailing = false
        watchIsEmpty = false
        undecodables = 0
        advance(to: eventVersion)
    }

    /// Records that the watch reported an object that cannot be read.
    ///
    /// - Returns: Whether to leave the watch.
    mutating func receivedUndecodable(_ objectVersion: String?) -> Bool {
        watchIsEmpty = false
        undecodables += 1
        if let objectVersion { advance(to: objectVersion) }
        return undecodables >= Self.undecodableLimit
    }

    private mutating func perform(_ phase: Phase, at now: Duration) -> Action {
        self.phase = phase
        switch phase {
        case .list(let request):
            return .list(request)
        case .watch:
            watchStart = now
            watchIsEmpty = true
            undecodables = 0
            return .watch(resourceVersion: version)
        }
    }

    private mutating func listed(
        _ listVersion: String,
        _ token: String?,
        at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Action {
        guard case .list(var request) = phase, !listVersion.isEmpty else {
            return failed(Failure(kind: .other), at: now, using: &generator)
        }
        // An API server that ignores the bound would take the store back in time.
        if request.notOlderThan != nil, Self.isOlder(listVersion, than: version) {
            return perform(.list(.mostRecent), at: now)
        }
        isFailing = false
        if let token, !token.isEmpty {
            request.continueToken = token
            return .list(request)
        }
        version = listVersion
        phase = .watch
        return .adopt(resourceVersion: listVersion)
    }

    private mutating func watchEnded(at now: Duration, using generator: inout some RandomNumberGenerator) -> Action {
        if watchIsEmpty, now - watchStart < Self.shortestWatch {
            return failed(Failure(kind: .other), at: now, using: &generator)
        }
        isFailing = false
        return perform(.watch, at: now)
    }

    private mutating func failed(
        _ failure: Failure,
        at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Action {
        switch (phase, failure.kind) {
        case (.list(let request), .expired), (.list(let request), .tooNew):
            phase = .list(.mostRecent)
            // The most recent list cannot be refused for its version; only its page token can expire.
            return request.notOlderThan == nil ? listAnew(failure, at: now, using: &generator) : .list(.mostRecent)
        case (.watch, .expired), (.watch, .tooNew):
            phase = .list(ListRequest(notOlderThan: version))
            return listAnew(failure, at: now, using: &generator)
        case (.list(let request), .tooLarge):
            phase = .list(request.inSmallerPages)
        case (.list(let request), .other), (.list(let request), .undecodable):
            // A list that failed in one piece may succeed in pages. Only the limit outlives a failure.
            phase = .list(request.limit.map { ListRequest(limit: $0) } ?? .mostRecent)
        case (.watch, .undecodable), (.watch, .tooLarge):
            phase = .list(ListRequest(notOlderThan: version))
        case (.watch, .other):
            break
        }
        isFailing = true
        return pause(after: failure, at: now, using: &generator)
    }

    /// Lists again immediately after an expiry, but pauses first if another expiry was recent.
    private mutating func listAnew(
        _ failure: Failure,
        at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Action {
        defer { lastExpiry = now }
        guard let lastExpiry, now - lastExpiry < Self.healthyAfter else { return perform(phase, at: now) }
        return pause(after: failure, at: now, using: &generator)
    }

    private mutating func pause(
        after failure: Failure,
        at now: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Action {
        if now - lastFailure >= Self.healthyAfter { failures = 0 }
        failures += 1
        lastFailure = now
        return .pause(max(backoff.delay(afterFailures: failures, using: &generator), failure.retryAfter ?? .zero))
    }

    private mutating func advance(to newVersion: String) {
        if !newVersion.isEmpty, !Self.isOlder(newVersion, than: version) { version = newVersion }
    }

    /// Versions are compared only if both are numbers (KEP-5504).
    private static func isOlder(_ left: String, than right: String) -> Bool {
        guard let left = Int(left), let right = Int(right) else { return false }
        return left < right
    }
}
