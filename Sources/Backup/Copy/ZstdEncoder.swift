import CZstd

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
