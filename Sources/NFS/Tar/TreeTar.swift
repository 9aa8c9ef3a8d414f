import Tar

/// A directory tree as a tar archive (POSIX pax), in pieces of about 512 KiB at most, read from the server on demand.
/// Symbolic links are not followed.
///
/// The archive is complete or ends with an error. It leaves out sockets, and entries that another client removes before
/// their turn if their directory confirms that the name is gone. A stale handle is looked up again by name until the
/// export's deadline. Errors are: a file that shrinks while it is read, a directory that is replaced, another file
/// system, and an entry of unknown type. If a file grows, the archive has the length that it had when it was listed.
///
/// Paths begin with `./`; names are the server's bytes. The archive ends with two blocks of zeros; without them it is
/// incomplete. It holds no ACLs and no extended attributes, which NFSv3 does not support.
package struct TreeTar: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = NFSError

    private let export: Export
    private let directory: FileHandle
    private let readsAtOnce: Int
    private let onProgress: @Sendable (TarredTree) -> Void

    /// Creates the archive without reading anything yet.
    ///
    /// - Parameters:
    ///   - directory: The top of the tree.
    ///   - export: The export that holds it.
    ///   - readsAtOnce: How many calls may be in flight. That many chunks of 64 KiB are held in memory.
    ///   - onProgress: Receives the progress a few times a second, and the total at the end.
    package init(
        of directory: FileHandle,
        on export: Export,
        readsAtOnce: Int = 8,
        onProgress: @escaping @Sendable (TarredTree) -> Void = { _ in }
    ) {
        self.export = export
        self.directory = directory
        self.readsAtOnce = Swift.max(readsAtOnce, 1)
        self.onProgress = onProgress
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(export: export, directory: directory, readsAtOnce: readsAtOnce, onProgress: onProgress)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private var writer: TarWriter
        private var reports: ProgressReports<TarredTree>
        private let onProgress: (TarredTree) -> Void
        private var isDone = false

        fileprivate init(
            export: Export,
            directory: FileHandle,
            readsAtOnce: Int,
            onProgress: @escaping @Sendable (TarredTree) -> Void
        ) {
            writer = TarWriter(export: export, top: directory, readsAtOnce: readsAtOnce)
            reports = ProgressReports(to: onProgress)
            self.onProgress = onProgress
        }

        /// - Throws: ``NFSError`` with the path of the entry; no piece follows it.
        package mutating func next() async throws(NFSError) -> [UInt8]? {
            guard !isDone else { return nil }
            do {
                if let piece = try await writer.next() {
                    reports.tell(writer.progress)
                    return piece
                }
            } catch {
                isDone = true
                throw error
            }
            isDone = true
            onProgress(writer.progress)
            return [UInt8](repeating: 0, count: 2 * TarHeader.blockSize)
        }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws(NFSError) -> [UInt8]? {
            try await next()
        }
    }
}

/// How much of a tree a ``TreeTar`` streamed.
package struct TarredTree: Hashable, Sendable {
    /// Directories, including the top one.
    package var directories = 0
    /// All other entries of the archive, including hard links.
    package var files = 0
    /// Bytes of content.
    package var bytes: UInt64 = 0
    /// Files that grew while they were read: the archive has all bytes up to their earlier length.
    package var changed = 0
    /// Sockets, which an archive cannot hold and which are useless without the program that created them.
    package var sockets = 0
    /// Entries that were listed and then removed by another client: their directory confirmed that the names are gone.
    package var vanished = 0

    package init() {}
}
