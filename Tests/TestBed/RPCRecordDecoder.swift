import NIOCore

/// Cuts what comes over TCP into whole records of RPC, with their marks before them (RFC 5531 §11). Each is taken for a
/// whole call: libnfs sends none in fragments.
package struct RPCRecordDecoder: ByteToMessageDecoder {
    package typealias InboundOut = ByteBuffer

    package init() {}

    package mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) -> DecodingState {
        guard let mark = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self),
            let record = buffer.readSlice(length: 4 + Int(mark & 0x7fff_ffff))
        else { return .needMoreData }
        context.fireChannelRead(wrapInboundOut(record))
        return .continue
    }
}

extension ByteBuffer {
    /// The procedure of NFSv3 (RFC 1813 §3.3) that a call is for, in a record with its mark: mark, xid, call, version of
    /// RPC, program, version, procedure (RFC 5531 §9). `nil` for other programs.
    package var nfsProcedure: UInt32? {
        guard getInteger(at: readerIndex + 16, as: UInt32.self) == 100_003 else { return nil }
        return getInteger(at: readerIndex + 24, as: UInt32.self)
    }
}
