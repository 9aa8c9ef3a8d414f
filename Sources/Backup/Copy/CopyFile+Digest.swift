import Crypto

extension CopyFile {
    /// Reads the file.
    ///
    /// - Parameter bytes: How long it should be.
    /// - Returns: The SHA-256 of its first `bytes` bytes, in hexadecimal; nil if it is not just as long.
    /// - Throws: What reading throws.
    func digest(bytes: Int64) async throws -> String? {
        var hash = SHA256()
        let step = Int64(CopyStream.callsAtOnce * CopyStream.chunkSize)
        for start in stride(from: 0, to: bytes, by: Int(step)) {
            for chunk in try await chunks(start..<min(start + step, bytes)) { hash.update(data: chunk) }
        }
        let end = try await read(at: max(bytes - 1, 0), count: 2)
        guard Int64(end.count) == min(bytes, 1) else { return nil }
        return hash.finalize().hexadecimal
    }

    private func chunks(_ range: Range<Int64>) async throws -> [[UInt8]] {
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
