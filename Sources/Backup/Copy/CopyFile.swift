import NFS

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
