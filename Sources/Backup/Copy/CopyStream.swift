import Crypto
import Presentation

/// Writes a tar stream to a file as it arrives: compressed and hashed, with several writes under way. Memory is bounded
/// by their chunks and the largest piece.
struct CopyStream {
    /// The bytes that one call reads or writes: a size that every NFS server accepts.
    static let chunkSize = 64 << 10
    /// The number of calls under way at a time, and so of chunks in memory.
    static let callsAtOnce = 8
    /// The bytes that are read at a time, by several calls.
    static let step = callsAtOnce * chunkSize

    private let file: any CopyFile
    private let encoder: ZstdEncoder?
    private var hash = SHA256()
    private var pending: [UInt8] = []
    private var tarBytes: Int64 = 0
    private var offset: Int64 = 0

    private init(_ file: any CopyFile, _ encoder: ZstdEncoder?) {
        self.file = file
        self.encoder = encoder
    }

    /// Writes the whole stream, and returns when it is on disk.
    ///
    /// - Parameters:
    ///   - tar: The stream.
    ///   - file: An empty file.
    ///   - compression: The compression to apply.
    /// - Returns: What the file holds.
    /// - Throws: What the stream and the file throw; ``CopyError``; `CancellationError`.
    static func write(
        _ tar: any AsyncSequence<[UInt8], any Error> & Sendable,
        to file: any CopyFile,
        _ compression: CopyHook.Compression
    ) async throws -> CopyContents {
        let encoder = compression == .zstd ? try ZstdEncoder() : nil
        let contents = try await withThrowingTaskGroup(of: Void.self) { group in
            var stream = CopyStream(file, encoder)
            for try await piece in tar { try await stream.add(piece, isLast: false, &group) }
            // A stream may simply end when the task is cancelled; what has arrived may not be all of it.
            try Task.checkCancellation()
            try await stream.add([], isLast: true, &group)
            try await group.waitForAll()
            return CopyContents(
                bytes: stream.offset,
                sha256: stream.hash.finalize().hexadecimal,
                tarBytes: stream.tarBytes
            )
        }
        try await file.flush()
        return contents
    }

    private mutating func add(
        _ piece: [UInt8],
        isLast: Bool,
        _ group: inout ThrowingTaskGroup<Void, any Error>
    ) async throws {
        tarBytes += Int64(piece.count)
        pending += try encoder?.encode(piece, isLast: isLast) ?? piece
        var rest = pending[...]
        while rest.count >= Self.chunkSize || isLast && !rest.isEmpty {
            try await send(Array(rest.prefix(Self.chunkSize)), &group)
            rest = rest.dropFirst(Self.chunkSize)
        }
        pending = Array(rest)
    }

    private mutating func send(_ chunk: [UInt8], _ group: inout ThrowingTaskGroup<Void, any Error>) async throws {
        if offset >= Int64(Self.chunkSize * Self.callsAtOnce) { try await group.next() }
        hash.update(data: chunk)
        let (file, start) = (file, offset)
        group.addTask { try await file.write(chunk, at: start) }
        offset += Int64(chunk.count)
    }
}
