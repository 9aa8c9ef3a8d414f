import Foundation

/// Keeps the identity requests are made with, and renews it in time.
///
/// Files are read again every minute, because kubelet replaces tokens and authorities in place; while one cannot be read the
/// last good identity serves on. A credential program runs again a minute before what it handed out lapses.
actor Authenticator {
    private struct Current {
        var identity: Identity
        var freshUntil: ContinuousClock.Instant
    }

    private let configuration: ClusterConfiguration
    private var current: Current?
    private var handedOut: ExecCredential.Status?
    /// The run of the credential program all callers wait for.
    private var run: Task<Result<ExecCredential.Status, KubernetesError>, Never>?

    private static let readAgain: Duration = .seconds(60)
    /// After a failure that the last good identity bridges.
    private static let tryAgain: Duration = .seconds(10)
    /// How long before they lapse credentials are renewed, in seconds.
    private static let margin: Int64 = 60

    init(configuration: ClusterConfiguration) {
        self.configuration = configuration
    }

    /// The identity to use now.
    ///
    /// - Throws: ``KubernetesError/Code/configuration`` if there is none yet.
    func identity() async throws(KubernetesError) -> Identity {
        if let current, .now < current.freshUntil { return current.identity }
        do {
            let credentials = try await pluginCredentials()
            let identity = try Identity(configuration, plugin: credentials)
            current = Current(identity: identity, freshUntil: .now + freshness(of: credentials))
            return identity
        } catch {
            guard let current, handedOut.map({ !lapses($0, within: 0) }) ?? true else { throw error }
            self.current?.freshUntil = .now + Self.tryAgain
            return current.identity
        }
    }

    /// Drops an identity the server did not accept.
    ///
    /// - Returns: Whether another one may be had.
    func reject(_ identity: Identity) -> Bool {
        let isCurrent = identity.authorization == current?.identity.authorization
        switch configuration.credential {
        case .token(.file):
            if isCurrent { current?.freshUntil = .now }
            return true
        case .exec:
            if isCurrent {
                current = nil
                handedOut = nil
            }
            return true
        case .anonymous, .token(.bytes):
            return false
        }
    }

    private func freshness(of credentials: ExecCredential.Status?) -> Duration {
        guard let end = credentials?.expirationTimestamp else { return Self.readAgain }
        return min(Self.readAgain, .seconds(max(0, end.seconds - Self.margin - Timestamp.now.seconds)))
    }

    /// What the credential program handed out; `nil` if there is no such program.
    private func pluginCredentials() async throws(KubernetesError) -> ExecCredential.Status? {
        guard case .exec(let plugin) = configuration.credential else { return nil }
        if let handedOut, !lapses(handedOut, within: Self.margin) { return handedOut }
        let run = self.run ?? start(plugin)
        let credentials = try await run.value.get()
        handedOut = credentials
        return credentials
    }

    private func lapses(_ credentials: ExecCredential.Status, within seconds: Int64) -> Bool {
        credentials.expirationTimestamp.map { $0.seconds - seconds <= Timestamp.now.seconds } ?? false
    }

    /// Not a child task: it serves every caller that waits, and the first may be cancelled. It ends by its own timeout.
    private func start(_ plugin: ExecPlugin) -> Task<Result<ExecCredential.Status, KubernetesError>, Never> {
        let cluster = ExecCredential.Spec.Cluster(configuration)
        let task = Task {
            let result: Result<ExecCredential.Status, KubernetesError>
            do throws(KubernetesError) {
                result = .success(try await plugin.run(for: cluster))
            } catch {
                result = .failure(error)
            }
            self.run = nil
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
