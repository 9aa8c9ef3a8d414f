import NIOCore
import Synchronization

/// A way to a server that can be cut: connections break and new ones are closed at once, until it is mended.
package final class CuttableProxy: Sendable {
    private final class Way: Sendable {
        struct State {
            var isCut = false
            var connections: [any Channel] = []
            var refusals = 0
        }

        let state = Mutex(State())

        func admits(_ client: any Channel) -> Bool {
            state.withLock { state in
                if state.isCut { state.refusals += 1 } else { state.connections.append(client) }
                return !state.isCut
            }
        }
    }

    private let way = Way()
    private let proxy: JoiningProxy

    /// Where to connect to.
    package var port: Int { proxy.port }

    /// Connections turned away.
    package var refusals: Int { way.state.withLock { $0.refusals } }

    /// Starts forwarding from a free port of the loopback.
    package init(to host: String, port: Int) async throws {
        proxy = try await JoiningProxy(to: host, port: port) { [way] client in
            way.admits(client)
        } join: { client, server in
            try Forwarder.join(client, server)
        }
    }

    deinit { cut() }

    package func cut() {
        way.state.withLock { state in
            state.isCut = true
            state.connections.forEach { $0.close(promise: nil) }
            state.connections = []
        }
    }

    package func mend() {
        way.state.withLock { $0.isCut = false }
    }
}
