import NIOCore
import NIOPosix

/// A way to a server that is far away: what is sent takes its time, and any number of messages are on their way at once.
package final class DelayingProxy: Sendable {
    private let listener: any Channel

    /// Where to connect to.
    package var port: Int { listener.localAddress?.port ?? 0 }

    /// Starts forwarding from a free port of the loopback.
    ///
    /// - Parameters:
    ///   - host: The server's address.
    ///   - port: The server's port.
    ///   - roundTrip: How much longer an answer takes.
    /// - Throws: When no port can be listened on.
    package init(to host: String, port: Int, roundTrip: Duration) async throws {
        let delay = TimeAmount(roundTrip / 2)
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in server.pipeline.addHandler(Forwarder(to: client, after: delay)) }
                    .connect(host: host, port: port)
                    .flatMap { server in client.pipeline.addHandler(Forwarder(to: server, after: delay)) }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
    }

    deinit {
        listener.close(promise: nil)
    }
}
