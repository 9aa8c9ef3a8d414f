import AsyncHTTPClient
import Foundation
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension HTTPClient.Configuration {
    /// The configuration for requests with one answer, in contrast to watches.
    static func requests(_ cluster: ClusterConfiguration, _ limits: ClientLimits) -> HTTPClient.Configuration {
        common(cluster, limits, idle: .seconds(30))
    }

    /// The configuration for watches, which may stay silent as long as they last.
    static func watches(_ cluster: ClusterConfiguration, _ limits: ClientLimits) -> HTTPClient.Configuration {
        common(cluster, limits, idle: .seconds(Int64(limits.longestWatchSeconds) + 10))
    }

    private static func common(
        _ cluster: ClusterConfiguration,
        _ limits: ClientLimits,
        idle: TimeAmount
    ) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: Timeout(connect: TimeAmount(limits.connectTimeout), read: idle)
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        // Report a refused connection immediately: the caller knows better when to retry.
        configuration.connectionPool.retryConnectionEstablishment = false
        let host = URLComponents(string: cluster.server)?.host ?? ""
        let name = cluster.tlsServerName ?? host
        configuration.http1_1ConnectionDebugInitializer = { channel in
            guard cluster.verifiesTLS else { return keepAlive(channel) }
            return ServerName(name).check(channel).flatMap { keepAlive(channel) }
        }
        if cluster.tlsServerName != nil, !ServerName(name).isAddress {
            configuration.dnsOverride = [name: host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))]
        }
        return configuration
    }

    /// Makes the kernel notice within a minute that the peer is gone, even on a silent watch.
    @Sendable private static func keepAlive(_ channel: any Channel) -> EventLoopFuture<Void> {
        #if os(Linux)
            let options: [(NIOBSDSocket.OptionLevel, CInt, Int)] = [
                (.socket, SO_KEEPALIVE, 1),
                (.tcp, TCP_KEEPIDLE, 20),
                (.tcp, TCP_KEEPINTVL, 10),
                (.tcp, TCP_KEEPCNT, 3),
                (.tcp, TCP_USER_TIMEOUT, 50_000),
            ]
            let settings = options.map { level, name, value in
                let option = ChannelOptions.Types.SocketOption(level: level, name: .init(rawValue: name))
                return channel.setOption(option, value: value)
            }
            return EventLoopFuture.andAllSucceed(settings, on: channel.eventLoop)
        #else
            return channel.setOption(ChannelOptions.socketOption(.so_keepalive), value: 1)
        #endif
    }
}

/// The limits of a ``KubernetesClient``.
package struct ClientLimits: Hashable, Sendable {
    /// Requests in flight; further ones wait their turn. Watches do not count.
    ///
    /// There is no rate limit: API servers share their capacity fairly and answer 429 when they want fewer requests.
    package var requestsInFlight = 32
    /// The time limit of one attempt of a request, from the first byte sent to the last byte received.
    package var requestTimeout: Duration = .seconds(30)
    /// The time limit to connect, including TLS.
    package var connectTimeout: Duration = .seconds(10)
    /// Attempts of a request that the server answers with 429 or 5xx.
    package var attempts = 4
    /// The longest `Retry-After` that the client waits for; a longer one is left to the caller.
    package var longestRetryAfter: Duration = .seconds(10)
    /// The longest duration of a watch, in seconds. A watch that is silent for 10 s longer is given up as dead.
    package var longestWatchSeconds = 600
    /// The largest response that is read, in bytes.
    package var answerBytes = 64 << 20
    /// The largest watch event that is read, in bytes; etcd accepts no object above 1.5 MiB by default.
    package var eventBytes = 8 << 20

    package init() {}
}
