import CZstd

/// Decompresses a stream of zstd frames (RFC 8878), some of its contents at a time: a few bytes may stand for gigabytes.
final class ZstdDecoder {
    /// The most that one call gives.
    private static let room = 256 << 10

    private let context: OpaquePointer
    private(set) var state = State.betweenFrames

    enum State {
        /// All that was put in was given out, and a frame is at its end.
        case betweenFrames
        case needsInput
        /// The next call gives more without any input.
        case hasOutput
    }

    /// - Throws: ``CopyError`` when there is no memory for it.
    init() throws(CopyError) {
        guard let context = ZSTD_createDCtx() else { throw CopyError("there is no memory to decompress zstd with") }
        self.context = context
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// Takes in the next bytes, as many as it gives the contents of.
    ///
    /// - Parameters:
    ///   - bytes: A part of the compressed stream.
    ///   - position: Where in `bytes` to go on; afterwards, where it stopped.
    /// - Returns: The next of the contents.
    /// - Throws: ``CopyError`` for what is no zstd, was damaged, or needs more than 128 MiB of memory.
    func decode(_ bytes: [UInt8], _ position: inout Int) throws(CopyError) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: Self.room)
        let (rest, written) = step(bytes, &position, &room)
        guard ZSTD_isError(rest) == 0 else {
            throw CopyError("zstd cannot decompress it: \(String(cString: ZSTD_getErrorName(rest)))")
        }
        state = rest == 0 ? .betweenFrames : written == room.count ? .hasOutput : .needsInput
        room.removeLast(room.count - written)
        return room
    }

    /// One call.
    ///
    /// - Returns: 0 at a frame's end, or an error of the library's; and how much of `room` it filled.
    private func step(_ bytes: [UInt8], _ position: inout Int, _ room: inout [UInt8]) -> (Int, Int) {
        bytes.withUnsafeBytes { source in
            room.withUnsafeMutableBytes { target in
                var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
                var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                let rest = ZSTD_decompressStream(context, &output, &input)
                position = input.pos
                return (rest, output.pos)
            }
        }
    }
}

/// Compresses a stream as one zstd frame (RFC 8878) with a checksum.
final class ZstdEncoder {
    private let context: OpaquePointer

    /// - Throws: ``CopyError`` when there is no memory for it.
    init() throws(CopyError) {
        guard let context = ZSTD_createCCtx() else { throw CopyError("there is no memory to compress with zstd") }
        self.context = context
        // A flag of the library's own, which it does not refuse.
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    /// Takes in a piece.
    ///
    /// - Parameters:
    ///   - bytes: The next of the stream.
    ///   - isLast: Whether the stream ends with them.
    /// - Returns: What is ready by now of the compressed stream; after the last piece, the rest.
    /// - Throws: ``CopyError``
    func encode(_ bytes: [UInt8], isLast: Bool) throws(CopyError) -> [UInt8] {
        var output: [UInt8] = []
        var room = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
        var position = 0
        while true {
            let (rest, written) = step(bytes, &position, &room, isLast ? ZSTD_e_end : ZSTD_e_continue)
            guard ZSTD_isError(rest) == 0 else {
                throw CopyError("zstd cannot compress: \(String(cString: ZSTD_getErrorName(rest)))")
            }
            output += room[..<written]
            if isLast ? rest == 0 : position == bytes.count { return output }
        }
    }

    /// One call.
    ///
    /// - Returns: What the library says is left to do, or an error of its, and how much of `room` it filled.
    private func step(
        _ bytes: [UInt8],
        _ position: inout Int,
        _ room: inout [UInt8],
        _ end: ZSTD_EndDirective
    ) -> (Int, Int) {
        bytes.withUnsafeBytes { source in
            room.withUnsafeMutableBytes { target in
                var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
                var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                let rest = ZSTD_compressStream2(context, &output, &input, end)
                position = input.pos
                return (rest, output.pos)
            }
        }
    }
}
