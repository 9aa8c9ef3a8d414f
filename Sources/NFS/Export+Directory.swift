/// The entries of a directory, read page by page as they are asked for. What changes meanwhile may or may not be seen.
package struct DirectoryEntries: AsyncSequence, Sendable {
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let export: Export
        fileprivate let directory: FileHandle
        fileprivate var cursor: DirectoryCursor? = .start
        fileprivate var page: ArraySlice<DirectoryEntry> = []

        package mutating func next() async throws(NFSError) -> DirectoryEntry? {
            while page.isEmpty, let start = cursor {
                let read = try await export.readDirectory(directory, from: start)
                page = read.entries[...]
                cursor = read.next
            }
            return page.popFirst()
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(NFSError) -> DirectoryEntry? {
            try await next()
        }
    }

    fileprivate let export: Export
    fileprivate let directory: FileHandle

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(export: export, directory: directory) }
}

extension Export {
    /// All entries of a directory but `.` and `..`.
    package func entries(of directory: FileHandle) -> DirectoryEntries {
        DirectoryEntries(export: self, directory: directory)
    }
}
