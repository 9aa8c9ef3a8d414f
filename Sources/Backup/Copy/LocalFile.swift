import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// System calls on files, with errors that can be read.
enum LocalFile {
    /// Makes calls that may wait for a disk, on a thread that may.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(LocalFileError) -> Value
    ) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(body)
    }

    /// Likewise for calls that change something.
    ///
    /// - Throws: ``CopyError`` if there is no right to write.
    static func change(
        _ path: String,
        if mayWrite: @escaping @Sendable () -> Bool,
        _ body: @escaping @Sendable () throws(LocalFileError) -> Void
    ) async throws {
        try Task.checkCancellation()
        try await NIOThreadPool.singleton.runIfActive {
            guard mayWrite() else {
                throw CopyError("write \(path): not done, because the right to write (the leader's lease) has expired")
            }
            try body()
        }
    }

    /// Makes one call, again while a signal interrupts it.
    ///
    /// - Parameters:
    ///   - operation: What is tried, for people.
    ///   - path: On what.
    ///   - call: Returns -1 for an error in `errno`.
    /// - Returns: What the call returned.
    /// - Throws: ``LocalFileError``
    static func call<Number: SignedInteger>(
        _ operation: String,
        _ path: String,
        _ call: () -> Number
    ) throws(LocalFileError) -> Number {
        while true {
            let result = call()
            guard result == -1 else { return result }
            let number = errno
            guard number == EINTR else {
                throw LocalFileError(operation: operation, path: path, number: number)
            }
        }
    }

    /// Has the disk keep the names in a folder.
    static func flushFolder(_ path: String) throws(LocalFileError) {
        let descriptor = try call("open", path) { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { _ = close(descriptor) }
        _ = try call("write", path) { fsync(descriptor) }
    }
}
