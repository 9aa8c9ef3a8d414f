import Foundation

/// Holds the identity for requests, and renews it in time.
///
/// Files are read again every minute, because kubelet replaces tokens and authorities in place; while one cannot be
/// read, the last good identity stays in use. A credential plugin runs again a minute before its credentials expire,
/// but never twice in ten seconds: until then its last outcome stands, even an error.
actor Authenticator {
    private struct Current {
        var identity: Identity
        var freshUntil: ContinuousClock.Instant
        /// When it expires; `nil` for never.
        var end: ContinuousClock.Instant?
    }

    /// A run of the credential plugin.
    private struct Run: Sendable {
        var outcome: Result<ExecCredential.Status, KubernetesError>
        var term: CredentialTerm
    }

    private let configuration: ClusterConfiguration
    private let now: @Sendable () -> ContinuousClock.Instant
    private var current: Current?
    private var generation = 0
    private var lastRun: Run?
    /// The run all callers wait for.
    private var run: Task<Run, Never>?

    private static let readAgain: Duration = .seconds(60)
    /// The delay after a failure that the last good identity bridges.
    private static let tryAgain: Duration = .seconds(10)
    /// The least time between two runs of the credential plugin.
    private static let pause: Duration = .seconds(10)

    /// - Parameters:
    ///   - configuration: The cluster and the credentials.
    ///   - now: Returns the current time.
    init(
        configuration: ClusterConfiguration,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.configuration = configuration
        self.now = now
    }

    /// The identity to use now.
    ///
    /// - Throws: ``KubernetesError/Code/configuration`` if there is none yet; ``KubernetesError/Code/cancelled``.
    func identity() async throws(KubernetesError) -> Identity {
        if let identity = freshIdentity { return identity }
        do {
            let run = try await pluginRun()
            // Another caller that waited for the same run may have renewed it.
            if let identity = freshIdentity { return identity }
            generation += 1
            let identity = try Identity(configuration, plugin: try run?.outcome.get(), generation: generation)
            let readAgain = now() + Self.readAgain
            current = Current(
                identity: identity,
                freshUntil: min(readAgain, run?.term.renewal ?? readAgain),
                end: run?.term.end
            )
            return identity
        } catch {
            guard let current, current.end.map({ now() < $0 }) ?? true, error.code != .cancelled else { throw error }
            self.current?.freshUntil = now() + Self.tryAgain
            return current.identity
        }
    }

    /// Drops an identity that the server rejected.
    ///
    /// - Returns: Whether a new identity may be available.
    func reject(_ identity: Identity) -> Bool {
        let isCurrent = identity.generation == current?.identity.generation
        switch configuration.credential {
        case .token(.file):
            if isCurrent { current?.freshUntil = now() }
            return true
        case .exec:
            guard isCurrent else { return true }
            if let lastRun, now() < lastRun.term.earliestRenewal { return false }
            current = nil
            lastRun = nil
            return true
        case .anonymous, .token(.bytes):
            return false
        }
    }

    private var freshIdentity: Identity? {
        current.flatMap { now() < $0.freshUntil ? $0.identity : nil }
    }

    /// The run of the credential plugin that is valid now; `nil` if there is no plugin.
    private func pluginRun() async throws(KubernetesError) -> Run? {
        guard case .exec(let plugin) = configuration.credential else { return nil }
        if let lastRun, lastRun.term.renewal.map({ now() < $0 }) ?? true { return lastRun }
        let run = self.run ?? start(plugin)
        guard let outcome = await run.valueUnlessCancelled() else {
            throw KubernetesError(code: .cancelled, reason: "cancelled")
        }
        return outcome
    }

    /// Not a child task: it serves every waiting caller, and the first may be cancelled. Its own timeout ends it.
    private func start(_ plugin: ExecPlugin) -> Task<Run, Never> {
        let cluster = ExecCredential.Spec.Cluster(configuration)
        let task = Task {
            let result: Run
            do throws(KubernetesError) {
                let credentials = try await plugin.run(for: cluster)
                let end = credentials.expirationTimestamp
                result = Run(
                    outcome: .success(credentials),
                    term: CredentialTerm(expiration: end, pause: Self.pause, now: now())
                )
            } catch {
                result = Run(outcome: .failure(error), term: CredentialTerm(failedAt: now(), pause: Self.pause))
            }
            lastRun = result
            run = nil
            return result
        }
        run = task
        return task
    }
}

extension ExecCredential.Spec.Cluster {
    fileprivate init(_ configuration: ClusterConfiguration) {
        server = configuration.server
        tlsServerName = configuration.tlsServerName
        insecureSkipTLSVerify = configuration.skipsTLSVerification ? true : nil
        certificateAuthorityData = (try? configuration.certificateAuthority?.read())
            .map { Data($0).base64EncodedString() }
    }
}

/// The time for which the outcome of a credential plugin's run is used.
struct CredentialTerm: Hashable, Sendable {
    /// When the plugin may run again.
    let earliestRenewal: ContinuousClock.Instant
    /// When the plugin should run again; `nil` if only after the server rejects its credentials.
    let renewal: ContinuousClock.Instant?
    /// When its credentials expire; `nil` for never.
    let end: ContinuousClock.Instant?

    /// Creates the term of credentials.
    ///
    /// - Parameters:
    ///   - expiration: When the credentials expire, by the wall clock.
    ///   - pause: The least time between two runs, however short-lived the credentials or wrong this machine's clock.
    ///   - now: When the plugin ended.
    ///   - wallClock: The same, by the wall clock.
    init(
        expiration: Timestamp?,
        pause: Duration,
        now: ContinuousClock.Instant,
        wallClock: Timestamp = .now
    ) {
        earliestRenewal = now + pause
        let lifetime = expiration.map { Duration.seconds($0.seconds - wallClock.seconds) }
        end = lifetime.map { now + $0 }
        // A minute before the end, or halfway if less than two minutes are left.
        renewal = lifetime.map { now + max(pause, $0 - min(.seconds(60), $0 / 2)) }
    }

    /// Creates the term of a failure.
    init(failedAt now: ContinuousClock.Instant, pause: Duration) {
        earliestRenewal = now + pause
        renewal = earliestRenewal
        end = nil
    }
}
