import NFS

/// A folder that holds the copies of one claim, or the folders of several claims. Every error thrown here reads as one
/// sentence.
protocol CopyFolder: Sendable {
    /// Creates an empty file, and replaces any file of that name.
    func create(_ name: NFSName) async throws -> any CopyFile

    /// Opens a file for reading.
    ///
    /// - Returns: nil if there is none.
    func open(_ name: NFSName) async throws -> (any CopyFile)?

    /// The files and folders in it, unordered; entries of other types are left out.
    func entries() async throws -> [CopyFolderEntry]

    /// Opens a folder in it.
    ///
    /// - Returns: nil if there is none.
    func folder(_ name: NFSName) async throws -> (any CopyFolder)?

    /// Removes a file, if it is there.
    func remove(_ name: NFSName) async throws
}

/// The reason why a copy cannot be made or read, as one sentence.
struct CopyError: Error, Hashable, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// An entry of a ``CopyFolder``: a file or a folder.
struct CopyFolderEntry: Hashable, Sendable {
    let name: NFSName
    let isFolder: Bool
    /// Seconds since 1970.
    let modifiedAt: Int64
}
