import NIOCore
import Synchronization
import TestBed

/// A way to the NFS server on which the calls are counted.
final class CountingProxy: Sendable {
    private final class Counts: Sendable {
        let byProcedure = Mutex<[UInt32: Int]>([:])
    }

    private let counts = Counts()
    private let proxy: JoiningProxy

    var port: Int { proxy.port }

    /// Calls so far, by the number of the procedure of NFSv3 (RFC 1813 §3.3).
    var calls: [UInt32: Int] { counts.byProcedure.withLock { $0 } }

    init(to host: String, port: Int) async throws {
        proxy = try await JoiningProxy(to: host, port: port) { [counts] client, server in
            try CallForwarder.join(client, server) { call, server in
                if let procedure = call.nfsProcedure {
                    counts.byProcedure.withLock { $0[procedure, default: 0] += 1 }
                }
                server.writeAndFlush(call, promise: nil)
            }
        }
    }
}
