import CZstd

/// Decompresses a stream of zstd frames (RFC 8878) piece by piece: a few bytes may expand to gigabytes.
final class ZstdDecoder {
    /// The most bytes that one call returns.
    private static let room = 256 << 10

    private let context: OpaquePointer
    private(set) var state = State.betweenFrames

    enum State {
        /// All input was decompressed and returned, and a frame has ended.
        case betweenFrames
        case needsInput
        /// The next call returns more without further input.
        case hasOutput
    }

    /// - Throws: ``CopyError`` when there is no memory for it.
    init() throws(CopyError) {
        guard let context = ZSTD_createDCtx() else { throw CopyError("decompress with zstd: out of memory") }
        self.context = context
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// Decompresses the next bytes, as many as fit the output of one call.
    ///
    /// - Parameters:
    ///   - bytes: A part of the compressed stream.
    ///   - position: Where in `bytes` to start; afterwards, where decompression stopped.
    /// - Returns: The next decompressed bytes.
    /// - Throws: ``CopyError`` if the input is not zstd, is damaged, or needs more than 128 MiB of memory.
    func decode(_ bytes: [UInt8], _ position: inout Int) throws(CopyError) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: Self.room)
        let (rest, written) = step(bytes, &position, &room)
        guard ZSTD_isError(rest) == 0 else {
            throw CopyError("decompress with zstd: \(String(cString: ZSTD_getErrorName(rest)))")
        }
        state = rest == 0 ? .betweenFrames : written == room.count ? .hasOutput : .needsInput
        room.removeLast(room.count - written)
        return room
    }

    /// Makes one call of the library.
    ///
    /// - Returns: The library's result, which is 0 at a frame's end or an error, and how much of `room` was filled.
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
        guard let context = ZSTD_createCCtx() else { throw CopyError("compress with zstd: out of memory") }
        self.context = context
        // The library never rejects this flag.
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    /// Compresses a piece.
    ///
    /// - Parameters:
    ///   - bytes: The next bytes of the stream.
    ///   - isLast: Whether the stream ends with them.
    /// - Returns: The compressed bytes that are ready; after the last piece, all that remain.
    /// - Throws: ``CopyError``
    func encode(_ bytes: [UInt8], isLast: Bool) throws(CopyError) -> [UInt8] {
        var output: [UInt8] = []
        var room = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
        var position = 0
        while true {
            let (rest, written) = step(bytes, &position, &room, isLast ? ZSTD_e_end : ZSTD_e_continue)
            guard ZSTD_isError(rest) == 0 else {
                throw CopyError("compress with zstd: \(String(cString: ZSTD_getErrorName(rest)))")
            }
            output += room[..<written]
            if isLast ? rest == 0 : position == bytes.count { return output }
        }
    }

    /// Makes one call of the library.
    ///
    /// - Returns: The library's result, which is what is left to do or an error, and how much of `room` was filled.
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
