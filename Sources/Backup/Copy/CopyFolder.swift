import NFS

/// Where the files of copies of one claim are kept, or the folders of several claims. Everything here throws errors that
/// read as one sentence.
protocol CopyFolder: Sendable {
    /// Makes an empty file, in the place of one of that name.
    func create(_ name: NFSName) async throws -> any CopyFile

    /// Opens a file to read.
    ///
    /// - Returns: nil if there is none.
    func open(_ name: NFSName) async throws -> (any CopyFile)?

    /// The files and folders in it, in no order; what is neither is left out.
    func entries() async throws -> [CopyFolderEntry]

    /// Opens a folder in it.
    ///
    /// - Returns: nil if there is none.
    func folder(_ name: NFSName) async throws -> (any CopyFolder)?

    /// Removes a file, if it is there.
    func remove(_ name: NFSName) async throws
}

/// A copy that cannot be made: one sentence.
struct CopyError: Error, Hashable, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What a ``CopyFolder`` holds: a file or a folder.
struct CopyFolderEntry: Hashable, Sendable {
    let name: NFSName
    let isFolder: Bool
    /// Seconds since 1970.
    let modifiedAt: Int64
}
