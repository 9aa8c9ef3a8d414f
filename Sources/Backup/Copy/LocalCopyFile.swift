import NFS

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file in the controller's container.
final class LocalCopyFile: CopyFile {
    private let descriptor: Int32
    private let folder: String
    private let path: String
    private let mayWrite: @Sendable () -> Bool

    /// - Parameters:
    ///   - descriptor: The open file, which this object closes.
    ///   - name: Its name.
    ///   - folder: The path of its folder.
    ///   - mayWrite: Whether changes are allowed; called before each change.
    init(_ descriptor: Int32, _ name: NFSName, in folder: String, mayWrite: @escaping @Sendable () -> Bool) {
        self.descriptor = descriptor
        self.folder = folder
        path = LocalCopyFolder.path(of: name, in: folder)
        self.mayWrite = mayWrite
    }

    deinit {
        // Everything that matters was flushed, so an error here has no consequence.
        _ = close(descriptor)
    }

    func write(_ bytes: [UInt8], at offset: Int64) async throws {
        try await LocalFile.change(path, if: mayWrite) { [self] () throws(LocalFileError) in
            var written = 0
            while written < bytes.count {
                written += try LocalFile.call("write", path) {
                    bytes.withUnsafeBytes {
                        let rest = UnsafeRawBufferPointer(rebasing: $0.dropFirst(written))
                        return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(written))
                    }
                }
            }
        }
    }

    func flush() async throws {
        try await LocalFile.run { [self] () throws(LocalFileError) in
            _ = try LocalFile.call("write", path) { fsync(descriptor) }
        }
    }

    /// Drops the file's pages from the kernel's cache, so that the next reads go to the disk.
    ///
    /// The kernel drops only pages that are on disk already and that no process has mapped or locked: hence the flush
    /// before. It cannot empty the cache of the disk, of its controller, or of a server behind a network file system,
    /// and a file system in memory has no disk. There the check is only as reliable as the device.
    func dropCache() async throws {
        try await LocalFile.run { [self] () throws(LocalFileError) in
            #if canImport(Darwin)
                _ = try LocalFile.call("read", path) { fcntl(descriptor, F_NOCACHE, 1) }
            #else
                // This call returns the error number instead of setting errno.
                let number = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
                guard number == 0 else { throw LocalFileError(operation: "read", path: path, number: number) }
            #endif
        }
    }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try await LocalFile.run { [self] () throws(LocalFileError) in
            var bytes = [UInt8](repeating: 0, count: count)
            var length = 0
            while length < count {
                let more = try LocalFile.call("read", path) {
                    bytes.withUnsafeMutableBytes {
                        let rest = UnsafeMutableRawBufferPointer(rebasing: $0.dropFirst(length))
                        return pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(length))
                    }
                }
                guard more > 0 else { break }
                length += more
            }
            return Array(bytes.prefix(length))
        }
    }

    func rename(to name: NFSName) async throws {
        let newPath = LocalCopyFolder.path(of: name, in: folder)
        try await LocalFile.change(newPath, if: mayWrite) { [self] () throws(LocalFileError) in
            _ = try LocalFile.call("write", newPath) { renameFile(path, newPath) }
            try LocalFile.flushFolder(folder)
        }
    }
}

/// rename(2), which the method of that name hides.
private func renameFile(_ old: String, _ new: String) -> Int32 { rename(old, new) }
