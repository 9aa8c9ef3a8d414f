import NFS

/// Where the files of copies of one claim are kept. Everything here throws errors that read as one sentence.
protocol CopyFolder: Sendable {
    /// Makes an empty file, in the place of one of that name.
    func create(_ name: NFSName) async throws -> any CopyFile

    /// Opens a file to read.
    ///
    /// - Returns: nil if there is none.
    func open(_ name: NFSName) async throws -> (any CopyFile)?

    /// Removes a file, if it is there.
    func remove(_ name: NFSName) async throws
}
