import NIOCore
import NIOPosix
import Synchronization

/// A way to a server that can be cut: connections break and new ones are closed at once, until it is mended.
package final class CuttableProxy: Sendable {
    private struct State {
        var isCut = false
        var connections: [any Channel] = []
        var refusals = 0
    }

    private let state = Mutex(State())
    private let listener = Mutex<(any Channel)?>(nil)

    /// Where to connect to.
    package var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }

    /// Connections turned away.
    package var refusals: Int { state.withLock { $0.refusals } }

    /// Starts forwarding from a free port of the loopback.
    package static func start(to host: String, port: Int) async throws -> CuttableProxy {
        let proxy = CuttableProxy()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [weak proxy] client in
                guard let proxy, proxy.admits(client) else { return client.close() }
                return ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in server.pipeline.addHandler(Forwarder(to: client)) }
                    .connect(host: host, port: port)
                    .flatMap { server in client.pipeline.addHandler(Forwarder(to: server)) }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        proxy.listener.withLock { $0 = listener }
        return proxy
    }

    deinit {
        listener.withLock { $0?.close(promise: nil) }
        cut()
    }

    package func cut() {
        state.withLock { state in
            state.isCut = true
            state.connections.forEach { $0.close(promise: nil) }
            state.connections = []
        }
    }

    package func mend() {
        state.withLock { $0.isCut = false }
    }

    private func admits(_ client: any Channel) -> Bool {
        state.withLock { state in
            if state.isCut { state.refusals += 1 } else { state.connections.append(client) }
            return !state.isCut
        }
    }
}
