import Logging

extension Export {
    /// One page of a directory's listing. On a server without READDIRPLUS, which is optional (RFC 1813 §3.3.17), it
    /// lists with READDIR and looks up every entry.
    ///
    /// - Throws: ``NFSError/Code/badCookie`` also if the server stops supporting READDIRPLUS in the middle of a listing.
    package func readDirectory(
        _ directory: FileHandle,
        from cursor: DirectoryCursor = .start
    ) async throws(NFSError) -> DirectoryPage {
        if !listsNamesOnly {
            do {
                return try await perform(.readDirectory(directory, from: cursor))
            } catch let error where error.code == .unsupported {
                logger.notice("the server has no READDIRPLUS: each entry of a directory costs a call of its own")
                noteNamesOnly()
            }
        }
        guard cursor == .start || cursor.isOfNames else { throw error(.badCookie, "readdir", "") }
        let page = try await perform(.listNames(of: directory, from: cursor))
        return DirectoryPage(entries: try await lookUp(page.entries, in: directory), next: page.next)
    }

    /// How many entries of one page are looked up at a time; other listings do the same.
    private static var lookUpsAtOnce: Int { 8 }

    /// Looks up entries that are known by name. One that cannot be looked up keeps only its name, as if the server had
    /// omitted the rest: whoever needs it asks again.
    ///
    /// - Throws: ``NFSError`` if the server does not answer.
    private func lookUp(
        _ entries: [DirectoryEntry],
        in directory: FileHandle
    ) async throws(NFSError) -> [DirectoryEntry] {
        let found = await withTaskGroup(of: (Int, Result<Node, NFSError>).self) { group in
            var (found, next) = ([Int: Result<Node, NFSError>](), 0)
            while found.count < entries.count {
                while next < entries.count, next - found.count < Self.lookUpsAtOnce {
                    group.addTask { [name = entries[next].name, next] in
                        (next, await Result { () async throws(NFSError) in try await self.lookup(name, in: directory) })
                    }
                    next += 1
                }
                guard let (index, result) = await group.next() else { break }
                found[index] = result
                if case .failure(let error) = result, error.isOfServer {
                    group.cancelAll()
                    break
                }
            }
            return found
        }
        var complete: [DirectoryEntry] = []
        for (index, entry) in entries.enumerated() {
            switch found[index] {
            case .success(let node): complete.append(entry.completed(with: node))
            case .failure(let error) where error.isOfServer: throw error
            case .failure, nil: complete.append(entry)
            }
        }
        return complete
    }
}

extension NFSError {
    /// Whether no call would succeed, rather than this one.
    fileprivate var isOfServer: Bool {
        [.unreachable, .timedOut, .disconnected, .fenced, .cancelled, .closed, .busy].contains(code)
    }
}

/// The entries of a directory, read page by page on demand. Concurrent changes may or may not be seen.
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
