/// The parts of a file that were written by a copy or from an archive.
struct WrittenParts: Hashable, Sendable {
    /// The number of source bytes that they cover.
    var bytes: UInt64 = 0
    /// The offset after the last written byte; zeros at the end of a file are not written.
    var end: UInt64 = 0
    /// The verifiers of bytes that may still be only in the server's memory.
    var verifiers: Set<WriteVerifier> = []
    /// Whether a part could not be read completely.
    var isIncomplete = false

    mutating func add(_ other: WrittenParts) {
        bytes += other.bytes
        end = max(end, other.end)
        verifiers.formUnion(other.verifiers)
        isIncomplete = isIncomplete || other.isIncomplete
    }
}

extension Export {
    /// Writes a part of a file into an empty range; a part that is all zeros is skipped.
    func writePart(_ part: [UInt8], to file: FileHandle, at offset: UInt64) async throws(NFSError) -> WrittenParts {
        var written = WrittenParts(bytes: UInt64(part.count))
        guard part.contains(where: { $0 != 0 }) else { return written }
        written.verifiers = try await writeAll(part, to: file, at: offset, stability: .unstable)
        written.end = offset + written.bytes
        return written
    }
}
