import NIOCore

/// A proxy in front of a real NFS server that gives it a ``ServerManner``.
package final class MannerProxy: Sendable {
    private let proxy: JoiningProxy

    /// Where to connect to.
    package var port: Int { proxy.port }

    /// Starts forwarding from a free port of the loopback.
    package init(to host: String, port: Int, _ manner: ServerManner) async throws {
        proxy = try await JoiningProxy(to: host, port: port) { client, server in
            let calls = CallsUnderWay()
            let (fromClient, fromServer) = (client.pipeline.syncOperations, server.pipeline.syncOperations)
            try fromClient.addHandler(ByteToMessageHandler(RPCRecordDecoder(), maximumBufferSize: 4 << 20))
            try fromClient.addHandler(CallRewriter(manner, calls, to: server))
            try fromServer.addHandler(ByteToMessageHandler(RPCRecordDecoder(), maximumBufferSize: 4 << 20))
            try fromServer.addHandler(ReplyRewriter(manner, calls, to: client))
        }
    }
}

/// The procedures of the calls of one connection that were not answered yet, by xid; used on one event loop only.
private final class CallsUnderWay {
    var procedures: [UInt32: NFSProcedure] = [:]
}

private final class CallRewriter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let manner: ServerManner
    private let calls: CallsUnderWay
    private let server: any Channel

    init(_ manner: ServerManner, _ calls: CallsUnderWay, to server: any Channel) {
        (self.manner, self.calls, self.server) = (manner, calls, server)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var record = unwrapInboundIn(data)
        guard let number = record.nfsProcedure, let procedure = NFSProcedure(rawValue: number),
            let xid = record.getInteger(at: record.readerIndex + 4, as: UInt32.self)
        else { return server.writeAndFlush(record, promise: nil) }
        if let status = manner.refusal(of: record, procedure) {
            context.writeAndFlush(wrapOutboundOut(.refusal(of: xid, status)), promise: nil)
            return
        }
        calls.procedures[xid] = procedure
        server.writeAndFlush(manner.rewritten(&record, procedure), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { server.close(promise: nil) }
}

private final class ReplyRewriter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let manner: ServerManner
    private let calls: CallsUnderWay
    private let client: any Channel

    init(_ manner: ServerManner, _ calls: CallsUnderWay, to client: any Channel) {
        (self.manner, self.calls, self.client) = (manner, calls, client)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let record = unwrapInboundIn(data)
        let procedure = record.getInteger(at: record.readerIndex + 4, as: UInt32.self)
            .flatMap { calls.procedures.removeValue(forKey: $0) }
        let reply = procedure.flatMap { RewrittenReply(of: record, to: $0, manner)?.record } ?? record
        client.writeAndFlush(reply, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
}

extension ByteBuffer {
    /// Where in the record of a call the arguments go on after the handle of the file.
    fileprivate var afterHandle: Int {
        var at = readerIndex + 28
        // Credentials and verifier (RFC 5531 §9), then the handle.
        for lengthAt in [4, 4, 0] { at = afterOpaque(at: at + lengthAt) }
        return at
    }

    fileprivate func afterOpaque(at: Int) -> Int {
        at + 4 + Int(getInteger(at: at, as: UInt32.self).map { ($0 + 3) / 4 * 4 } ?? 0)
    }
}

extension ServerManner {
    /// The status of a call that the server refuses.
    fileprivate func refusal(of record: ByteBuffer, _ procedure: NFSProcedure) -> UInt32? {
        if unsupported.contains(procedure) { return 10004 }
        // `sattr3` begins with whether the mode is to be set.
        let setsMode = procedure == .setattr && record.getInteger(at: record.afterHandle, as: UInt32.self) == 1
        return keepsModes && setsMode ? 1 : nil
    }

    /// The call as the server gets it: with another cookie, size or mode.
    fileprivate func rewritten(_ record: inout ByteBuffer, _ procedure: NFSProcedure) -> ByteBuffer {
        let start = record.readerIndex
        let at = record.afterHandle
        switch procedure {
        case .mkdir:
            let attributes = record.afterOpaque(at: at)
            if keepsModes { record.setInteger(UInt32(0o755), at: attributes + 4) }
        case .readdirplus, .readdir:
            if let cookie = record.getInteger(at: at, as: UInt64.self) {
                record.setInteger(self.cookie(cookie), at: at)
            }
            guard let page else { break }
            // The verifier, then `dircount` and `maxcount`, or `count` alone.
            record.setInteger(page, at: at + 16)
            if procedure == .readdirplus { record.setInteger(page, at: at + 20) }
        case .read:
            guard let transfer, let count = record.getInteger(at: at + 8, as: UInt32.self) else { break }
            record.setInteger(min(count, transfer), at: at + 8)
        case .write:
            guard let transfer, let count = record.getInteger(at: at + 8, as: UInt32.self), count > transfer else {
                break
            }
            record.setInteger(transfer, at: at + 8)
            record.setInteger(transfer, at: at + 16)
            record.moveWriterIndex(to: at + 20 + Int(transfer))
            record.setInteger(0x8000_0000 | UInt32(record.readableBytes - 4), at: start)
        default: break
        }
        return record
    }
}

/// A successful reply in a server's manner.
private struct RewrittenReply {
    private let manner: ServerManner
    private var reply: ByteBuffer
    private var results = ByteBuffer()

    /// `fattr3`: its size, and where in it are `fsid`, `mtime` and `ctime`.
    private static let attributesLength = 84
    private static let fileSystemIDAt = 44
    private static let timesAt = [68, 76]

    /// With its mark.
    private(set) var record = ByteBuffer()

    /// - Returns: nil for a reply that stays as it is.
    init?(of record: ByteBuffer, to procedure: NFSProcedure, _ manner: ServerManner) {
        self.manner = manner
        reply = record
        // Mark, xid, reply, accepted; the verifier; success (RFC 5531 §9); the status.
        guard let verifier = record.getInteger(at: record.readerIndex + 20, as: UInt32.self),
            let head = reply.readSlice(length: 28 + Int(verifier + 3) / 4 * 4),
            reply.getInteger(at: reply.readerIndex, as: UInt32.self) == 0, copy(4) != nil,
            rewrite(procedure) != nil
        else { return nil }
        results.writeBuffer(&reply)
        self.record.writeInteger(0x8000_0000 | UInt32(head.readableBytes - 4 + results.readableBytes))
        self.record.writeImmutableBuffer(
            head.getSlice(at: head.readerIndex + 4, length: head.readableBytes - 4) ?? head
        )
        self.record.writeBuffer(&results)
    }

    private mutating func rewrite(_ procedure: NFSProcedure) -> Void? {
        switch procedure {
        case .getattr: return attributes()
        case .lookup: return opaque().flatMap { optionalAttributes() }.flatMap { optionalAttributes() }
        case .create, .mkdir, .symlink, .mknod: return optionalHandle().flatMap { optionalAttributes() }
        case .readdirplus, .readdir: return page(hasNodes: procedure == .readdirplus)
        case .setattr, .read, .write, .link: return nil
        }
    }

    private mutating func page(hasNodes: Bool) -> Void? {
        guard optionalAttributes() != nil, copy(8) != nil else { return nil }
        while let follows = reply.readInteger(as: UInt32.self) {
            results.writeInteger(follows)
            // In the end stands `eof`, which is copied with the rest.
            guard follows == 1 else { return () }
            guard copy(8) != nil, opaque() != nil, let cookie = reply.readInteger(as: UInt64.self) else { return nil }
            results.writeInteger(manner.cookie(cookie))
            if hasNodes { guard optionalAttributes() != nil, optionalHandle() != nil else { return nil } }
        }
        return nil
    }

    // MARK: Parts

    private mutating func copy(_ length: Int) -> Void? {
        guard var bytes = reply.readSlice(length: length) else { return nil }
        results.writeBuffer(&bytes)
        return ()
    }

    private mutating func opaque() -> Void? {
        guard let length = reply.getInteger(at: reply.readerIndex, as: UInt32.self) else { return nil }
        return copy(4 + Int(length + 3) / 4 * 4)
    }

    /// `fattr3`.
    private mutating func attributes() -> Void? {
        guard var attributes = reply.readSlice(length: Self.attributesLength) else { return nil }
        if manner.hasNoFileSystemID { attributes.setInteger(UInt64(0), at: Self.fileSystemIDAt) }
        if let step = manner.timeStep {
            for at in Self.timesAt {
                let seconds = attributes.getInteger(at: at, as: UInt32.self).map { UInt64($0) / step * step } ?? 0
                attributes.setInteger(seconds << 32, at: at)
            }
        }
        results.writeBuffer(&attributes)
        return ()
    }

    /// `post_op_attr`.
    private mutating func optionalAttributes() -> Void? {
        guard let follows = reply.readInteger(as: UInt32.self) else { return nil }
        results.writeInteger(manner.omitsAttributes ? 0 : follows)
        guard follows == 1 else { return () }
        return manner.omitsAttributes ? reply.readSlice(length: Self.attributesLength).map { _ in } : attributes()
    }

    /// `post_op_fh3`.
    private mutating func optionalHandle() -> Void? {
        guard let follows = reply.readInteger(as: UInt32.self) else { return nil }
        results.writeInteger(manner.omitsHandles ? 0 : follows)
        guard follows == 1 else { return () }
        guard manner.omitsHandles else { return opaque() }
        guard let length = reply.readInteger(as: UInt32.self) else { return nil }
        return reply.readSlice(length: Int(length + 3) / 4 * 4).map { _ in }
    }
}

extension ByteBuffer {
    /// A reply with a status and no attributes.
    fileprivate static func refusal(of xid: UInt32, _ status: UInt32) -> ByteBuffer {
        let words: [UInt32] = [xid, 1, 0, 0, 0, 0, status, 0, 0, 0]
        var reply = ByteBuffer()
        reply.writeInteger(0x8000_0000 | UInt32(words.count * 4))
        for word in words { reply.writeInteger(word) }
        return reply
    }
}
