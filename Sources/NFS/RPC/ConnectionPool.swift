import Synchronization

/// The connections of one export. They connect when first used, and the later ones are used under load only.
struct ConnectionPool: Sendable {
    private let connections: [RPCConnection]

    init(
        address: ExportAddress,
        options: ConnectionOptions,
        count: Int,
        mayWrite: @escaping @Sendable () -> Bool
    ) {
        connections = (0..<count).map { _ in
            RPCConnection(endpoint: .nfs(of: address, options), window: options.window, mayWrite: mayWrite)
        }
    }

    /// The connection with the fewest calls under way.
    var leastLoaded: RPCConnection {
        connections.dropFirst().reduce(connections[0]) { best, other in
            other.load.load(ordering: .relaxed) < best.load.load(ordering: .relaxed) ? other : best
        }
    }

    /// Calls under way on all connections.
    var load: Int { connections.reduce(0) { $0 + $1.load.load(ordering: .relaxed) } }

    func close() async {
        for connection in connections { await connection.close() }
    }
}
