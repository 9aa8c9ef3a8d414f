import Foundation
import NFS
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder in the controller's container. Blocking calls run on a thread pool.
struct LocalCopyFolder: CopyFolder {
    private let path: String
    private let mayWrite: @Sendable () -> Bool

    /// Opens the folder of that name, and creates it if it does not exist.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - parent: The path of the enclosing folder, which must exist.
    ///   - mayWrite: Whether changes are allowed; called before each change.
    /// - Throws: ``LocalFileError``, ``CopyError``
    init(_ name: NFSName, in parent: String, mayWrite: @escaping @Sendable () -> Bool) async throws {
        let path = Self.path(of: name, in: parent)
        (self.path, self.mayWrite) = (path, mayWrite)
        try await LocalFile.change(path, if: mayWrite) { () throws(LocalFileError) in
            do throws(LocalFileError) {
                _ = try LocalFile.call("create", path) { mkdir(path, 0o700) }
            } catch {
                guard error.number == EEXIST else { throw error }
            }
            try LocalFile.flushFolder(parent)
        }
    }

    /// Opens an existing folder.
    ///
    /// - Throws: ``LocalFileError``
    init(at path: String, mayWrite: @escaping @Sendable () -> Bool) async throws {
        (self.path, self.mayWrite) = (path, mayWrite)
        try await LocalFile.run { () throws(LocalFileError) in
            let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
            _ = close(try LocalFile.call("open", path) { Self.openFile(path, flags, 0) })
        }
    }

    func entries() async throws -> [CopyFolderEntry] {
        let path = path
        return try await NIOThreadPool.singleton.runIfActive {
            try FileManager.default.contentsOfDirectory(atPath: path).compactMap { name in
                // An entry that disappears meanwhile is skipped.
                guard let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)"),
                    let type = attributes[.type] as? FileAttributeType, [.typeRegular, .typeDirectory].contains(type),
                    let name = try? NFSName(name)
                else { return nil }
                let time = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
                return CopyFolderEntry(name: name, isFolder: type == .typeDirectory, modifiedAt: Int64(time))
            }
        }
    }

    func folder(_ name: NFSName) async throws -> (any CopyFolder)? {
        do {
            return try await LocalCopyFolder(at: Self.path(of: name, in: path), mayWrite: mayWrite)
        } catch let error as LocalFileError where [ENOENT, ENOTDIR].contains(error.number) {
            return nil
        }
    }

    func create(_ name: NFSName) async throws -> any CopyFile {
        try await remove(name)
        return try await open(name, O_RDWR | O_CREAT | O_EXCL)
    }

    func open(_ name: NFSName) async throws -> (any CopyFile)? {
        do {
            return try await open(name, O_RDONLY)
        } catch let error as LocalFileError where error.number == ENOENT {
            return nil
        }
    }

    func remove(_ name: NFSName) async throws {
        let path = Self.path(of: name, in: path)
        try await LocalFile.change(path, if: mayWrite) { () throws(LocalFileError) in
            do throws(LocalFileError) {
                _ = try LocalFile.call("remove", path) { unlink(path) }
            } catch {
                guard error.number == ENOENT else { throw error }
            }
        }
    }

    private func open(_ name: NFSName, _ flags: Int32) async throws -> LocalCopyFile {
        let path = Self.path(of: name, in: path)
        let descriptor = try await LocalFile.run { () throws(LocalFileError) in
            try LocalFile.call("open", path) { Self.openFile(path, flags | O_NOFOLLOW | O_CLOEXEC, 0o600) }
        }
        return LocalCopyFile(descriptor, name, in: self.path, mayWrite: mayWrite)
    }

    private static func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
        #if canImport(Glibc)
            Glibc.open(path, flags, mode)
        #elseif canImport(Musl)
            Musl.open(path, flags, mode)
        #else
            Darwin.open(path, flags, mode)
        #endif
    }

    static func path(of name: NFSName, in folder: String) -> String {
        "\(folder)/\(String(decoding: name.bytes, as: UTF8.self))"
    }
}
