/// Parts of a file that were copied.
struct WrittenParts: Hashable, Sendable {
    /// How many bytes were read from the source.
    var bytes: UInt64 = 0
    /// Where the last written byte ends; what is all zeros at the end of a file is not written.
    var end: UInt64 = 0
    /// Of what the server may still have in its memory only.
    var verifiers: Set<WriteVerifier> = []

    mutating func add(_ other: WrittenParts) {
        bytes += other.bytes
        end = max(end, other.end)
        verifiers.formUnion(other.verifiers)
    }
}
