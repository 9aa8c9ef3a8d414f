import AsyncHTTPClient
import Foundation
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension HTTPClient.Configuration {
    /// For requests that are answered at once.
    static func requests(_ cluster: ClusterConfiguration, _ limits: ClientLimits) -> HTTPClient.Configuration {
        common(cluster, limits, idle: .seconds(30))
    }

    /// For watches, which may be silent for as long as they last.
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
        // A refused connection is told at once; whoever asked knows better when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = keepAlive
        if let name = cluster.tlsServerName, let host = URLComponents(string: cluster.server)?.host {
            configuration.dnsOverride = [name: host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))]
        }
        return configuration
    }

    /// Makes the kernel notice within a minute that the other side is gone, also on a silent watch.
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

/// How much a ``KubernetesClient`` takes upon itself.
package struct ClientLimits: Hashable, Sendable {
    /// Requests on their way at one time; more wait their turn. Watches do not count.
    ///
    /// There is no limit per second: API servers share themselves out fairly and say 429 when they want less.
    package var requestsInFlight = 32
    /// For one try of a request, from the first byte sent to the last received.
    package var requestTimeout: Duration = .seconds(30)
    /// To connect, TLS included.
    package var connectTimeout: Duration = .seconds(10)
    /// Tries of a request the server answers by 429 or 5xx.
    package var attempts = 4
    /// The longest `Retry-After` that is waited for; a longer one goes to the caller.
    package var longestRetryAfter: Duration = .seconds(10)
    /// The longest a watch may last, in seconds. One that is silent for 10 s more is given up as dead.
    package var longestWatchSeconds = 600
    /// The largest answer that is read, in bytes.
    package var answerBytes = 64 << 20
    /// The largest event of a watch that is read, in bytes; etcd takes no object above 1.5 MiB by default.
    package var eventBytes = 8 << 20

    package init() {}
}
