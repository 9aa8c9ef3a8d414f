/// Parts of a file that were written, of a copy or from an archive.
struct WrittenParts: Hashable, Sendable {
    /// How many bytes of the source they are.
    var bytes: UInt64 = 0
    /// Where the last written byte ends; what is all zeros at the end of a file is not written.
    var end: UInt64 = 0
    /// Of what the server may still have in its memory only.
    var verifiers: Set<WriteVerifier> = []
    /// Whether a part could not be read whole.
    var isIncomplete = false

    mutating func add(_ other: WrittenParts) {
        bytes += other.bytes
        end = max(end, other.end)
        verifiers.formUnion(other.verifiers)
        isIncomplete = isIncomplete || other.isIncomplete
    }
}

extension Export {
    /// Writes a part of a file that is empty there; zeros need not be written.
    func writePart(_ part: [UInt8], to file: FileHandle, at offset: UInt64) async throws(NFSError) -> WrittenParts {
        var written = WrittenParts(bytes: UInt64(part.count))
        guard part.contains(where: { $0 != 0 }) else { return written }
        written.verifiers = try await writeAll(part, to: file, at: offset, stability: .unstable)
        written.end = offset + written.bytes
        return written
    }
}
