import Tar

/// A directory and all that is below it as a tar archive (POSIX pax), in pieces of about half a MiB at most, read from
/// the server as they are asked for. Symbolic links are not followed.
///
/// It is whole or ends with an error. Left out are sockets, and what another client removes before its turn: its directory
/// has to answer that the name is gone. A stale handle is looked up again by name until the export's deadline; a file that
/// gets shorter while it is read, a directory that is replaced, another file system, and a type that the server does not
/// tell are errors. Of a file that grows, the archive has the length that it had when it was listed.
///
/// Paths begin with `./`; names are the bytes the server has. It ends with the archive's two blocks of zeros; an archive
/// without them is not complete. ACLs and extended attributes, which NFSv3 does not know, are not in it.
package struct TreeTar: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = NFSError

    private let export: Export
    private let directory: FileHandle
    private let readsAtOnce: Int
    private let onProgress: @Sendable (TarredTree) -> Void

    /// Reads nothing yet.
    ///
    /// - Parameters:
    ///   - directory: The top of the tree.
    ///   - export: Where it is.
    ///   - readsAtOnce: How many calls may be in flight. It keeps as many chunks of 64 KiB in memory.
    ///   - onProgress: Hears what was streamed so far a few times a second, and in the end all of it.
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

        /// - Throws: ``NFSError`` with the path it happened at; nothing comes after it.
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
    /// The top one is among them.
    package var directories = 0
    /// All else that is in the archive, hard links among them.
    package var files = 0
    /// Bytes of content.
    package var bytes: UInt64 = 0
    /// Files that grew while they were read: the archive has all bytes of the length that they had before.
    package var changed = 0
    /// Sockets, which an archive cannot hold and which are of no use without the program that made them.
    package var sockets = 0
    /// Entries that were listed and then removed by another client: a directory that answers no longer has
    /// their names.
    package var vanished = 0

    package init() {}
}
