import NIOCore
import NIOPosix
import Synchronization
import TestBed

/// A way to the NFS server on which the calls are counted.
final class CountingProxy: Sendable {
    private let listener: any Channel
    private let counts: CallCounts

    var port: Int { listener.localAddress?.port ?? 0 }

    /// Calls so far, by the number of the procedure of NFSv3 (RFC 1813 §3.3).
    var calls: [UInt32: Int] { counts.byProcedure.withLock { $0 } }

    init(to host: String, port: Int) async throws {
        let counts = CallCounts()
        self.counts = counts
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in server.pipeline.addHandler(Forwarder(to: client)) }
                    .connect(host: host, port: port)
                    .flatMap { server in
                        client.eventLoop.makeCompletedFuture {
                            let handlers = client.pipeline.syncOperations
                            try handlers.addHandler(CallCounter(counts))
                            try handlers.addHandler(Forwarder(to: server))
                        }
                    }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
    }

    deinit {
        listener.close(promise: nil)
    }
}

private final class CallCounts: Sendable {
    let byProcedure = Mutex<[UInt32: Int]>([:])
}

/// Reads along what a client sends: fragments with their length before them (RFC 5531 §11), each a call. A client that
/// sends a call in several fragments would be counted wrong; libnfs does not.
private final class CallCounter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Of a call after its length: xid, type, version of RPC, program, version, procedure.
    private static let headerSize = 24

    private let counts: CallCounts
    private var unread = ByteBuffer()

    init(_ counts: CallCounts) {
        self.counts = counts
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unread.writeImmutableBuffer(unwrapInboundIn(data))
        while let mark = unread.getInteger(at: unread.readerIndex, as: UInt32.self) {
            let length = Int(mark & 0x7fff_ffff)
            guard unread.readableBytes >= 4 + length else { break }
            if length >= Self.headerSize,
                let procedure = unread.getInteger(at: unread.readerIndex + Self.headerSize, as: UInt32.self)
            {
                counts.byProcedure.withLock { $0[procedure, default: 0] += 1 }
            }
            unread.moveReaderIndex(forwardBy: 4 + length)
        }
        unread.discardReadBytes()
        context.fireChannelRead(data)
    }
}
