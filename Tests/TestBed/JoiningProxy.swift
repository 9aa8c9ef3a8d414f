import NIOCore
import NIOPosix

/// Listens on a free port of the loopback, and joins each client that comes with the server by a connection of its own. One
/// thread serves them all, for it costs least.
package final class JoiningProxy: Sendable {
    private let listener: any Channel

    /// Where to connect to.
    package var port: Int { listener.localAddress?.port ?? 0 }

    /// - Parameters:
    ///   - host: The server's address.
    ///   - port: The server's port.
    ///   - admits: Whether a client that has come may stay.
    ///   - join: Gives both connections the handlers that make them one; runs on the event loop of both.
    /// - Throws: When no port can be listened on.
    package init(
        to host: String,
        port: Int,
        admits: @escaping @Sendable (_ client: any Channel) -> Bool = { _ in true },
        join: @escaping @Sendable (_ client: any Channel, _ server: any Channel) throws -> Void
    ) async throws {
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton.next())
            .childChannelInitializer { client in
                guard admits(client) else { return client.close() }
                return ClientBootstrap(group: client.eventLoop)
                    .connect(host: host, port: port)
                    .flatMapThrowing { server in try join(client, server) }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
    }

    deinit {
        listener.close(promise: nil)
    }
}
