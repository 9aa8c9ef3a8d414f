import Logging

extension Export {
    /// Reads a whole regular file of a directory, if it is not longer than `limit` bytes.
    ///
    /// - Returns: Its bytes.
    /// - Throws: ``NFSError/Code/tooLarge`` if the file is longer; ``NFSError/Code/unsupported`` if it is not a regular
    ///   file. A symbolic link is never followed.
    package func readFile(
        _ name: NFSName,
        in directory: FileHandle,
        limit: Int
    ) async throws(NFSError) -> [UInt8] {
        try await readFile(try await lookup(name, in: directory), named: name, limit: limit)
    }

    /// Reads a whole regular file that the caller has already looked up.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - name: Its name, for error messages.
    ///   - limit: The most bytes it may hold.
    /// - Returns: Its bytes.
    /// - Throws: As ``readFile(_:in:limit:)``; ``NFSError/Code/stale`` if the file was removed or replaced.
    package func readFile(_ file: Node, named name: NFSName, limit: Int) async throws(NFSError) -> [UInt8] {
        guard file.attributes.type == .regular else {
            throw error(.unsupported, "read", "\(name)", "it is a \(file.attributes.type)")
        }
        var bytes: [UInt8] = []
        while true {
            let chunk = try await read(file.handle, at: UInt64(bytes.count), count: Self.chunkSize)
            bytes += chunk.bytes
            guard bytes.count <= limit else {
                throw error(.tooLarge, "read", "\(name)", "it is longer than \(limit) bytes")
            }
            if chunk.isLast { return bytes }
        }
    }

    /// Creates or replaces a file atomically: a reader, or a client after a crash, sees all of the old contents or all
    /// of the new. It writes the bytes to the server's disk under a temporary name that begins with
    /// ``temporaryPrefix``, then renames the file.
    ///
    /// After a failure, the temporary file is removed if the server allows it; after a crash, it remains.
    ///
    /// - Returns: The file, with its attributes at creation. While the name still leads to this file, nobody has
    ///   replaced it.
    /// - Throws: ``NFSError/Code/isDirectory``, or the server's own error, if the name belongs to a directory.
    @discardableResult
    package func writeFileAtomically(
        _ name: NFSName,
        in directory: FileHandle,
        bytes: [UInt8],
        mode: UInt32 = 0o600
    ) async throws(NFSError) -> Node {
        let temporary = temporaryName()
        do {
            let file = try await createFile(temporary, in: directory, mode: mode)
            try await writeDurably(bytes, to: file.handle, name)
            try await rename(temporary, in: directory, to: name, becoming: file.attributes.fileid)
            return file
        } catch {
            // A cancelled task sends no changes, but this cleanup is still due.
            await Task { await discard(temporary, in: directory) }.value
            throw error
        }
    }

    /// Creates a file atomically if its name is free: of several concurrent writers of one name, one succeeds. Where
    /// the server does not support LINK (which RFC 1813 §3.3.15 allows), two simultaneous writers may both report
    /// success.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - directory: The directory to create it in.
    ///   - bytes: The file's contents.
    /// - Returns: Whether the file was created; if not, nothing else has changed.
    /// - Throws: ``NFSError``.
    package func writeNewFile(
        _ name: NFSName,
        in directory: FileHandle,
        bytes: [UInt8]
    ) async throws(NFSError) -> Bool {
        let temporary = temporaryName()
        let result: Result<Bool, NFSError>
        do {
            let file = try await createFile(temporary, in: directory, mode: 0o600)
            try await writeDurably(bytes, to: file.handle, name)
            result = .success(try await give(file, name, besides: temporary, in: directory))
        } catch {
            result = .failure(error)
        }
        // A cancelled task sends no changes, but this cleanup is still due.
        await Task { await discard(temporary, in: directory) }.value
        return try result.get()
    }

    private func give(
        _ file: Node,
        _ name: NFSName,
        besides temporary: NFSName,
        in directory: FileHandle
    ) async throws(NFSError) -> Bool {
        do {
            _ = try await perform(.link(file.handle, as: name, in: directory))
            return true
        } catch let error where error.code == .alreadyExists || error.outcomeUnknown {
            // A retried call may find the link that its first attempt created.
            guard let found = try? await lookup(name, in: directory) else { throw error }
            return found.attributes.fileid == file.attributes.fileid
        } catch let error where error.code == .unsupported {
            do {
                _ = try await lookup(name, in: directory)
                return false
            } catch let error where error.code == .notFound {
                try await rename(temporary, in: directory, to: name, becoming: file.attributes.fileid)
                return true
            }
        }
    }

    /// The prefix of the names of files that are being written.
    package static var temporaryPrefix: String { ".tmp-" }

    private func temporaryName() -> NFSName {
        let digits = String(randomNumber(), radix: 16)
        return NFSName(checked: Array("\(Self.temporaryPrefix)\(digits)".utf8))
    }

    /// Renames an entry; if the reply is lost, looks up whether the rename happened.
    ///
    /// - Parameters:
    ///   - name: The entry's current name.
    ///   - directory: The directory that holds it before and after.
    ///   - newName: The entry's new name; a file of that name is replaced.
    ///   - fileid: The entry's fileid, which identifies it after the rename.
    /// - Throws: ``NFSError``; the outcome stays unknown if the lookup does not find the entry under its new name.
    package func rename(
        _ name: NFSName,
        in directory: FileHandle,
        to newName: NFSName,
        becoming fileid: UInt64
    ) async throws(NFSError) {
        do {
            try await rename(name, in: directory, to: newName, in: directory)
        } catch let error where error.outcomeUnknown {
            guard let found = try? await lookup(newName, in: directory), found.attributes.fileid == fileid else {
                throw error
            }
        }
    }

    /// Writes all bytes and returns when they are on the server's disk.
    func writeDurably(_ bytes: [UInt8], to file: FileHandle, _ name: NFSName) async throws(NFSError) {
        // A server that restarts in between may lose uncommitted bytes. Its verifier then differs: write them again.
        for _ in 1...3 {
            let stability: WriteStability = bytes.count <= Self.chunkSize ? .stable : .unstable
            var verifiers = try await writeAll(bytes, to: file, at: 0, stability: stability)
            if verifiers.isEmpty { return }
            verifiers.insert(try await commit(file))
            if verifiers.count == 1 { return }
        }
        throw error(.serverFault, "write", "\(name)", "the server keeps restarting")
    }

    private func discard(_ temporary: NFSName, in directory: FileHandle) async {
        do {
            try await remove(temporary, in: directory)
        } catch let error where error.code == .notFound {
        } catch {
            logger.debug("a temporary file is left behind", metadata: ["error": "\(error)"])
        }
    }
}
