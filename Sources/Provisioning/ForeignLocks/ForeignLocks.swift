import Kubernetes
import Logging

/// Waits until no other provisioner under one of our names is at work (L2: one provisioner of a name): two of them
/// would undo each other's work.
struct ForeignLocks: Sendable {
    /// The number of checks after which a lock that could never be read no longer blocks.
    private static let blindLooks = 5

    private let client: KubernetesClient
    private let names: [String]
    private let ownLease: ObjectKey
    private let pause: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - client: The client that lists the locks.
    ///   - settings: The settings whose names count.
    ///   - namespace: The namespace of our own lease, which does not count.
    ///   - pause: The time between two checks.
    ///   - logger: Logs which locks the controller waits for.
    init(
        client: KubernetesClient,
        settings: ProvisionerSettings,
        namespace: String,
        pause: Duration = .seconds(3),
        logger: Logger
    ) {
        self.client = client
        names = settings.lockNames
        ownLease = ObjectKey(namespace: namespace, name: ProvisionerSettings.lockName(of: settings.provisionerName))
        self.pause = pause
        self.logger = logger
    }

    /// Waits until every lock of another provisioner is released or has expired. Locks that cannot be read do not block
    /// claims forever. A lock that was seen before counts until it has expired, even while the API server does not
    /// answer.
    func waitUntilFree() async throws(CancellationError) {
        var watch = ForeignLockWatch()
        var known: [String: [ForeignLock]] = [:]
        var blindLooks = 0
        var told: [String] = []
        while true {
            for name in names {
                if let locks = await locks(named: name) { known[name] = locks }
            }
            // A check that was cancelled has seen nothing.
            if Task.isCancelled { throw CancellationError() }
            let held = watch.look(at: names.flatMap { known[$0] ?? [] }, time: .now, now: .now)
            blindLooks += 1
            if held.isEmpty, known.count == names.count || blindLooks >= Self.blindLooks { return }
            let places = held.map { "\($0.place), held by \($0.holder)" }
            if !places.isEmpty, places != told { warn(places) }
            told = places
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw CancellationError()
            }
        }
    }

    /// - Returns: nil if the locks are unknown for now; empty also if the controller may not list them.
    private func locks(named name: String) async -> [ForeignLock]? {
        do throws(KubernetesError) {
            return try await ForeignLock.all(named: name, but: ownLease, client)
        } catch {
            guard !Task.isCancelled else { return nil }
            logger.warning(
                "cannot check whether another provisioner is running; will retry",
                metadata: ["provisioner": "\(name)", "error": "\(error)"]
            )
            return error.code == .forbidden ? [] : nil
        }
    }

    private func warn(_ places: [String]) {
        logger.warning(
            "another provisioner with one of our names is running: waiting until it stops; scale it to 0",
            metadata: ["locks": "\(places.joined(separator: "; "))"]
        )
    }
}

/// Decides from observations which locks of others are held: a function of the observations and of two clocks.
struct ForeignLockWatch {
    private struct Sight {
        let lock: ForeignLock
        let since: ContinuousClock.Instant
    }

    /// The tolerated difference between the holder's clock and ours, in seconds.
    private static let clockDifference: Int64 = 300

    private var sights: [String: Sight] = [:]

    /// Records an observation of all locks.
    ///
    /// A lock that was renewed long ago has no holder. Any other counts until it has gone unrenewed for its duration,
    /// by our own clock: the holder's may be wrong.
    ///
    /// - Returns: The locks that are held, or may be.
    mutating func look(
        at locks: [ForeignLock],
        time: Timestamp,
        now: ContinuousClock.Instant
    ) -> [ForeignLock] {
        var held: [ForeignLock] = []
        var sights: [String: Sight] = [:]
        for lock in locks {
            let earlier = self.sights[lock.place].flatMap { $0.lock == lock ? $0 : nil }
            let sight = earlier ?? Sight(lock: lock, since: now)
            sights[lock.place] = sight
            let isRecent = lock.renewedAt.seconds + Self.clockDifference > time.seconds
            if isRecent, now < sight.since + lock.duration { held.append(lock) }
        }
        self.sights = sights
        return held
    }
}
