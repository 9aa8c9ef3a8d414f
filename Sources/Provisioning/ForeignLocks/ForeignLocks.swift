import Kubernetes
import Logging

/// Waits until no other provisioner under one of our names is at work (L2: one provisioner of a name): two of them would
/// undo each other's work.
struct ForeignLocks: Sendable {
    /// How often a look is tried that has never worked.
    private static let blindLooks = 5

    private let client: KubernetesClient
    private let names: [String]
    private let ownLease: ObjectKey
    private let pause: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - client: To look with.
    ///   - settings: Whose names count.
    ///   - namespace: Where our own lease is, which does not count.
    ///   - pause: Between two looks.
    ///   - logger: Where it is said what is waited for.
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

    /// What cannot be looked at does not keep claims waiting for ever; a lock that was seen before counts until it has run
    /// out, whether or not the API server answers meanwhile.
    func waitUntilFree() async throws(CancellationError) {
        var watch = ForeignLockWatch()
        var known: [String: [ForeignLock]] = [:]
        var blindLooks = 0
        var told: [String] = []
        while true {
            for name in names {
                if let locks = await locks(named: name) { known[name] = locks }
            }
            // A look that was cut short has seen nothing.
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

    /// - Returns: nil if it is not known now; empty also if we may not look.
    private func locks(named name: String) async -> [ForeignLock]? {
        do throws(KubernetesError) {
            return try await ForeignLock.all(named: name, but: ownLease, client)
        } catch {
            guard !Task.isCancelled else { return nil }
            logger.warning(
                "whether another provisioner is at work is not known",
                metadata: ["provisioner": "\(name)", "error": "\(error)"]
            )
            return error.code == .forbidden ? [] : nil
        }
    }

    private func warn(_ places: [String]) {
        logger.warning(
            "another provisioner of our name is at work: waiting until it has stopped; scale it to 0",
            metadata: ["locks": "\(places.joined(separator: "; "))"]
        )
    }
}

/// Which locks of others are held, by what has been seen of them: a function of looks and of two clocks.
struct ForeignLockWatch {
    private struct Sight {
        let lock: ForeignLock
        let since: ContinuousClock.Instant
    }

    /// How far the holder's clock may be from ours.
    private static let clockDifference: Int64 = 300

    private var sights: [String: Sight] = [:]

    /// Takes in a look at all locks.
    ///
    /// A lock that was renewed long ago is nobody's. Another counts until it has not been renewed for as long as it says,
    /// by our own clock: the holder's may be wrong.
    ///
    /// - Returns: Those that are held, or may be.
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
