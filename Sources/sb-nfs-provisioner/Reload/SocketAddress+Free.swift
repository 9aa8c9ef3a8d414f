import NIOCore
import NIOPosix

extension SocketAddress {
    /// Whether this process could listen there now.
    var isFree: Bool {
        get async {
            let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            guard let channel = try? await bootstrap.bind(host: host, port: port).get() else { return false }
            try? await channel.close()
            return true
        }
    }
}
