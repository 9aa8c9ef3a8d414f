import Crypto
import Presentation

/// Writes a tar stream to a file as it comes: compressed, hashed, some chunks at a time. Memory is bounded by those and
/// the largest piece.
struct CopyStream {
    /// What one call reads or writes: as much as every NFS server takes.
    static let chunkSize = 64 << 10
    /// Calls under way at a time; as many chunks are in memory.
    static let callsAtOnce = 8
    /// What is read at once.
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

    /// Writes all of it, and returns when it is on the disk.
    ///
    /// - Parameters:
    ///   - tar: The stream.
    ///   - file: An empty file.
    ///   - compression: How it is written.
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
            // A stream may just end when the task is cancelled; what has come so far is not the whole.
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
