extension Export {
    /// Reads a regular file that the caller has already looked up, from beginning to end, many parts at a time: for
    /// files too long to hold in memory.
    ///
    /// - Parameters:
    ///   - file: The file; bytes appended after the lookup are not read.
    ///   - name: Its name, for error messages.
    ///   - limit: The most bytes it may hold.
    ///   - take: Receives the bytes in order, about 2 MiB at a time.
    /// - Throws: ``NFSError/Code/tooLarge`` if the file is longer; ``NFSError/Code/unsupported`` if it is not a regular
    ///   file; ``NFSError/Code/stale`` if it was removed, replaced or truncated.
    package func readParts(
        of file: Node,
        named name: NFSName,
        limit: UInt64,
        _ take: ([UInt8]) -> Void
    ) async throws(NFSError) {
        guard file.attributes.type == .regular else {
            throw error(.unsupported, "read", "\(name)", "it is a \(file.attributes.type)")
        }
        let size = file.attributes.size
        guard size <= limit else { throw error(.tooLarge, "read", "\(name)", "it is longer than \(limit) bytes") }
        var offset: UInt64 = 0
        while offset < size {
            let range = offset..<min(offset + Self.windowSize, size)
            guard let bytes = try await window(range, of: file.handle, name) else {
                throw error(.stale, "read", "\(name)", "it was replaced or cut short meanwhile")
            }
            take(bytes)
            offset = range.upperBound
        }
    }

    private static var windowSize: UInt64 { 32 * UInt64(chunkSize) }

    /// - Returns: `nil` unless the whole range exists.
    private func window(
        _ range: Range<UInt64>,
        of file: FileHandle,
        _ name: NFSName
    ) async throws(NFSError) -> [UInt8]? {
        let starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: Self.chunkSize))
        let outcome = await withTaskGroup(of: (Int, Result<[UInt8], NFSError>).self) { group in
            for (index, start) in starts.enumerated() {
                let part = start..<min(start + UInt64(Self.chunkSize), range.upperBound)
                group.addTask {
                    (index, await Result(of: { () throws(NFSError) in try await self.bytes(of: file, part) }))
                }
            }
            var parts = [[UInt8]](repeating: [], count: starts.count)
            var failure: NFSError?
            for await (index, part) in group {
                switch part {
                case .success(let bytes): parts[index] = bytes
                case .failure(let error): failure = failure ?? error.at("\(name)")
                }
            }
            return Result<[[UInt8]], NFSError>(failure: failure, else: parts)
        }
        let bytes = try outcome.get().reduce(into: [UInt8]()) { $0 += $1 }
        return bytes.count == Int(range.upperBound - range.lowerBound) ? bytes : nil
    }
}
