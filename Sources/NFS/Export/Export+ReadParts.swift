extension Export {
    /// Reads a regular file that was found already from its beginning to its end, many parts at a time: for files that are
    /// too long to be held whole.
    ///
    /// - Parameters:
    ///   - file: The file; what is written to it after it was found is not read.
    ///   - name: What it is called, for people.
    ///   - limit: The most bytes it may hold.
    ///   - take: Given its bytes in their order, some 2 MiB each time.
    /// - Throws: ``NFSError/Code/tooLarge`` if the file is longer; ``NFSError/Code/unsupported`` if it is not a regular
    ///   file; ``NFSError/Code/stale`` if it is gone, also when another was put in its place, or became shorter.
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

    /// - Returns: nil unless all of the range is there.
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
