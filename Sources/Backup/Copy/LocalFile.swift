import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// System calls on files, with readable errors.
enum LocalFile {
    /// Runs calls that may block on a disk, on a thread pool.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(LocalFileError) -> Value
    ) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(body)
    }

    /// Runs calls that change something on a thread pool.
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
                throw CopyError("write \(path): the right to write (the leader's lease) has expired")
            }
            try body()
        }
    }

    /// Makes one system call, and repeats it while a signal interrupts it.
    ///
    /// - Parameters:
    ///   - operation: The operation's name, for messages.
    ///   - path: The file that the call works on.
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

    /// Flushes the names in a folder to disk.
    static func flushFolder(_ path: String) throws(LocalFileError) {
        let descriptor = try call("open", path) { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { _ = close(descriptor) }
        _ = try call("write", path) { fsync(descriptor) }
    }
}
