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

    /// Reads a whole regular file that was found already, likewise.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - name: What it is called, for people.
    ///   - limit: The most bytes it may hold.
    /// - Returns: Its bytes.
    /// - Throws: As ``readFile(_:in:limit:)``; ``NFSError/Code/stale`` if it is gone, also when another was put in its
    ///   place.
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

    /// Puts a file of these bytes in the place of whatever file has the name, so that a reader, or a client after a
    /// crash, sees all of the old or all of the new: a temporary name beginning with ``temporaryPrefix``, the bytes on
    /// the server's disk, a rename.
    ///
    /// After a failure the temporary file is removed if the server allows; after a crash it stays.
    ///
    /// - Returns: The file, with its attributes as it was made. As long as the name leads to it, nobody has put another in
    ///   its place.
    /// - Throws: ``NFSError/Code/isDirectory`` or what the server says if a directory has the name.
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
            // A cancelled task sends no change; this one is still owed.
            await Task { await discard(temporary, in: directory) }.value
            throw error
        }
    }

    /// Writes a file that must not be there yet, as a whole: of several that write one of a name, one has its way. Where
    /// the server has no LINK (RFC 1813 §3.3.15 allows that), two that do so at the same moment may both think so.
    ///
    /// - Parameters:
    ///   - name: What it is to be called.
    ///   - directory: Where.
    ///   - bytes: What it is to hold.
    /// - Returns: Whether it was written; nothing else has changed if not.
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
        // A cancelled task sends no change; this one is still owed.
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
            // A call that was sent again finds what it made itself.
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

    /// What the names of files being written begin with.
    package static var temporaryPrefix: String { ".tmp-" }

    private func temporaryName() -> NFSName {
        let digits = String(randomNumber(), radix: 16)
        return NFSName(checked: Array("\(Self.temporaryPrefix)\(digits)".utf8))
    }

    /// A rename that, its answer lost, looks whether it happened.
    ///
    /// - Parameters:
    ///   - name: What the entry is called.
    ///   - directory: Where it is, and stays.
    ///   - newName: What it is to be called; a file of that name is replaced.
    ///   - fileid: The entry's number on its file system, by which it is known.
    /// - Throws: ``NFSError``, with nothing known of the outcome if the look failed as well.
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
        // A server that restarts in between may have lost what it had not committed: its verifier tells, write again.
        for _ in 1...3 {
            let stability: WriteStability = bytes.count <= Self.chunkSize ? .stable : .unstable
            var verifiers = try await writeAll(bytes, to: file, at: 0, stability: stability)
            if verifiers.isEmpty { return }
            verifiers.insert(try await commit(file))
            if verifiers.count == 1 { return }
        }
        throw error(.serverFault, "write", "\(name)", "the server restarts again and again")
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
