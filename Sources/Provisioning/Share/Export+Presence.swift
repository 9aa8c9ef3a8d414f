import NFS

extension Export {
    /// Records are a few hundred bytes; a much larger file is not a record.
    static var longestRecord: Int { 1 << 20 }

    func readFileIfPresent(_ name: NFSName, in directory: FileHandle) async throws(NFSError) -> [UInt8]? {
        do {
            return try await readFile(name, in: directory, limit: Self.longestRecord)
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    func lookupIfPresent(_ name: NFSName, in directory: FileHandle) async throws(NFSError) -> Node? {
        do {
            return try await lookup(name, in: directory)
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    /// The directory of that name, made if it is not there.
    func ensureDirectory(_ name: NFSName, in directory: FileHandle, mode: UInt32) async throws -> Node {
        if let node = try await lookupIfPresent(name, in: directory) { return node }
        return try await makeDirectoryUnlessPresent(name, in: directory, mode: mode)
    }

    /// Makes a directory, and looks it up only if the name exists; it may be something other than a directory.
    func makeDirectoryUnlessPresent(
        _ name: NFSName,
        in directory: FileHandle,
        mode: UInt32
    ) async throws(NFSError) -> Node {
        do {
            return try await makeDirectory(name, in: directory, mode: mode)
        } catch let error where error.code == .alreadyExists {
            return try await lookup(name, in: directory)
        }
    }

    /// - Returns: false if the directory is not empty, and stays.
    func removeDirectoryIfEmpty(_ name: NFSName, in directory: FileHandle) async throws(NFSError) -> Bool {
        do {
            try await removeDirectory(name, in: directory)
            return true
        } catch let error where error.code == .notEmpty {
            return false
        }
    }

    /// - Returns: false if there is nothing of that name.
    func renameIfPresent(
        _ name: NFSName,
        in directory: FileHandle,
        to newName: NFSName,
        in newDirectory: FileHandle
    ) async throws(NFSError) -> Bool {
        do {
            try await rename(name, in: directory, to: newName, in: newDirectory)
            return true
        } catch let error where error.code == .notFound {
            return false
        }
    }

    /// The number of concurrent calls of long work, which leaves the rest of the connections' capacity to claims.
    package static var callsOfLongWork: Int { 32 }

    /// - Returns: false if there is nothing of that name.
    func removeTreeIfPresent(
        _ name: NFSName,
        in directory: FileHandle,
        callsAtOnce: Int? = nil,
        onProgress: @escaping @Sendable (RemovedTree) -> Void = { _ in }
    ) async throws(NFSError) -> Bool {
        guard try await lookupIfPresent(name, in: directory) != nil else { return false }
        _ = try await removeTree(name, in: directory, callsAtOnce: callsAtOnce, onProgress: onProgress)
        return true
    }
}
