import Crypto
import NFS
import Presentation

/// A file of a ``CopyFolder``. Several calls may be under way at a time.
protocol CopyFile: Sendable {
    /// Writes all of the bytes.
    func write(_ bytes: [UInt8], at offset: Int64) async throws

    /// Returns when all that was written is on the disk.
    func flush() async throws

    /// Makes later reads come from the disk or server instead of this machine's cache, as far as possible. Call it
    /// after ``flush()``.
    func dropCache() async throws

    /// Reads `count` bytes, fewer only at the file's end.
    func read(at offset: Int64, count: Int) async throws -> [UInt8]

    /// Renames the file durably, and replaces any file of the new name.
    func rename(to name: NFSName) async throws
}

extension CopyFile {
    /// Reads the file back from its disk or server, and hashes it.
    ///
    /// - Parameters:
    ///   - bytes: The length that the file should have.
    ///   - onProgress: Called now and then with the number of bytes read so far.
    /// - Returns: The SHA-256 of the file in hexadecimal; nil if it is not exactly `bytes` long.
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

    /// Whether the file is exactly this long.
    func ends(at bytes: Int64) async throws -> Bool {
        Int64(try await read(at: max(bytes - 1, 0), count: 2).count) == min(bytes, 1)
    }

    /// Reads a range of at most ``CopyStream/step`` bytes, several chunks in parallel.
    ///
    /// - Returns: The chunks in order; short or empty where the file ends.
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
