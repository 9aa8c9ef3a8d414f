import Crypto
import NFS
import Presentation

/// A file of a ``CopyFolder``. Several calls may be under way at a time.
protocol CopyFile: Sendable {
    /// Writes all of the bytes.
    func write(_ bytes: [UInt8], at offset: Int64) async throws

    /// Returns when all that was written is on the disk.
    func flush() async throws

    /// Has later reads come from where the file is kept, as far as that can be told, and not from what this machine
    /// remembers of it. Call it when all that was written was flushed.
    func dropCache() async throws

    /// Reads `count` bytes, fewer only at the file's end.
    func read(at offset: Int64, count: Int) async throws -> [UInt8]

    /// Gives it another name, durably; a file of that name is replaced.
    func rename(to name: NFSName) async throws
}

extension CopyFile {
    /// Reads the file from its disk or server.
    ///
    /// - Parameters:
    ///   - bytes: How long it should be.
    ///   - onProgress: Told how much was read, now and then.
    /// - Returns: The SHA-256 of its first `bytes` bytes, in hexadecimal; nil if it is not just as long.
    /// - Throws: What reading throws.
    func digest(bytes: Int64, onProgress: (Int64) -> Void = { _ in }) async throws -> String? {
        try await dropCache()
        var hash = SHA256()
        for start in stride(from: 0, to: bytes, by: CopyStream.step) {
            let end = min(start + Int64(CopyStream.step), bytes)
            var position = start
            for chunk in try await chunks(start..<end) {
                hash.update(data: chunk)
                position += Int64(chunk.count)
            }
            guard position == end else { return nil }
            onProgress(end)
        }
        return try await ends(at: bytes) ? hash.finalize().hexadecimal : nil
    }

    /// Whether the file is just so long.
    func ends(at bytes: Int64) async throws -> Bool {
        Int64(try await read(at: max(bytes - 1, 0), count: 2).count) == min(bytes, 1)
    }

    /// Reads a range of at most ``CopyStream/step`` bytes, several chunks at once.
    ///
    /// - Returns: The chunks in their order; short where the file ends.
    func chunks(_ range: Range<Int64>) async throws -> [[UInt8]] {
        let starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: CopyStream.chunkSize))
        return try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for (index, start) in starts.enumerated() {
                group.addTask {
                    (
                        index,
                        try await read(
                            at: start,
                            count: Int(min(Int64(CopyStream.chunkSize), range.upperBound - start))
                        )
                    )
                }
            }
            var chunks = [[UInt8]](repeating: [], count: starts.count)
            for try await (index, chunk) in group { chunks[index] = chunk }
            return chunks
        }
    }
}
