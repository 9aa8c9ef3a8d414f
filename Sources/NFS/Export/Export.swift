import Logging
import Synchronization

/// A client of one NFSv3 export, made of file handles: every call names an entry of a directory by its handle, so
/// there is no path that a symbolic link could lead astray. Links are entries, never followed.
///
/// Connections are made when first needed and made again after a loss; handles outlive them. Every call ends within
/// ``ConnectionOptions/deadline`` of being sent, and waits no longer than that again for a connection and its turn.
/// Cancelling a task ends a call that only reads at once. One that changes something is not sent any more; once it was
/// sent, it ends as if its task were not cancelled, so that no change happens behind its caller's back.
package final class Export: Sendable {
    package let address: ExportAddress
    package let options: ConnectionOptions
    /// Answers the calls in the place of the connections.
    let transport: (any NFSTransport)?
    private let mayWrite: @Sendable () -> Bool
    private let connections: ConnectionPool
    private let rootHandle = RootHandle()
    let logger: Logger

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - address: Server and exported path.
    ///   - options: How to talk to the server.
    ///   - transport: Answers the calls in the place of a server; `nil` is that of the task, which is none
    ///     outside of simulations.
    ///   - mayWrite: Asked on the I/O thread right before each call that changes something is sent; `false` fails the
    ///     call with ``NFSError/Code/fenced``. Asked again every tenth of a second while one is under way; `false` then
    ///     resets its connection (``NFSError/Code/disconnected``). It must not block.
    ///   - logger: For what goes wrong and is mended here.
    package init(
        address: ExportAddress,
        options: ConnectionOptions = ConnectionOptions(),
        transport: (any NFSTransport)? = nil,
        mayWrite: @escaping @Sendable () -> Bool = { true },
        logger: Logger
    ) {
        self.address = address
        self.options = options
        var logger = logger
        logger[metadataKey: "subsystem"] = "nfs"
        logger[metadataKey: "export"] = "\(address)"
        self.logger = logger
        let transport = transport ?? NFSTransports.ofTask
        self.transport = transport
        self.mayWrite = mayWrite
        connections = ConnectionPool(
            address: address,
            options: options,
            count: transport == nil ? max(options.connections, 1) : 0,
            mayWrite: mayWrite
        )
    }

    deinit {
        if transport == nil { Task { [connections] in await connections.close() } }
    }

    /// Closes the connections; calls under way and later ones fail with ``NFSError/Code/closed``.
    package func close() async {
        await connections.close()
    }

    /// Calls that were made and have not returned.
    package var callsUnderWay: Int { connections.load }

    /// The export's root, asked for anew: mounts at first, and again if the server no longer knows its handle. Ask again
    /// when a call fails as ``NFSError/Code/stale``.
    package func root() async throws(NFSError) -> Node {
        if let known = rootHandle.known {
            do {
                return Node(handle: known, attributes: try await attributes(of: known))
            } catch let error where error.code == .stale {
                logger.info("the export's root is stale; mounting it again")
            }
        }
        return try await remount()
    }

    /// The directory that the server exports under this address now, whatever it exported before: a handle goes on
    /// naming the directory it was given for, also after another was put in its place.
    package func remount() async throws(NFSError) -> Node {
        let mounted = try await mount()
        rootHandle.learn(mounted)
        return Node(handle: mounted, attributes: try await attributes(of: mounted))
    }

    private func mount() async throws(NFSError) -> FileHandle {
        let mounted: MountedRoot
        if let transport {
            mounted = try await perform(.mount(address.path), on: { .transport(transport) })
        } else {
            mounted = try await mountOnConnection()
        }
        guard mounted.allowsSystemAuthentication else {
            throw NFSError(
                .mountRefused,
                operation: "mount",
                address: address,
                detail: "the export asks for Kerberos; allow sec=sys for this client"
            )
        }
        return mounted.handle
    }

    private func mountOnConnection() async throws(NFSError) -> MountedRoot {
        let connection = RPCConnection(endpoint: .mount(of: address, options), window: 1, mayWrite: { false })
        let outcome: Result<MountedRoot, NFSError>
        do {
            outcome = .success(try await perform(.mount(address.path), on: { .connection(connection) }))
        } catch {
            outcome = .failure(error)
        }
        await connection.close()
        return try outcome.get()
    }

    /// Where a call is answered.
    private enum Route {
        case connection(RPCConnection)
        case transport(any NFSTransport)
    }

    /// Makes a call on the least loaded connection; `subject` says for people what it is about.
    func perform<Value: NFSv3Value>(
        _ call: RPCCall<Value>,
        subject: @autoclosure () -> String = ""
    ) async throws(NFSError) -> Value {
        try await perform(call, subject: subject()) {
            if let transport { .transport(transport) } else { .connection(connections.leastLoaded) }
        }
    }

    /// Makes a call, again if it only reads and its connection was lost, and again if the server is busy, until the
    /// deadline.
    private func perform<Value: NFSv3Value>(
        _ call: RPCCall<Value>,
        subject: @autoclosure () -> String = "",
        on route: () -> Route
    ) async throws(NFSError) -> Value {
        let deadline = now + options.deadline
        var pause = Duration.milliseconds(50)
        while true {
            do {
                switch route() {
                case .connection(let connection):
                    return try await connection.perform(
                        call,
                        sentBy: deadline,
                        patience: call.changes ? options.deadline : options.timeout
                    )
                case .transport(let transport):
                    return try await call.value(from: transport, mayWrite)
                }
            } catch let failure {
                let error = NFSError(
                    failure,
                    call: call,
                    subject: subject(),
                    address: address,
                    deadline: options.deadline
                )
                // NFS3ERR_JUKEBOX is not done yet, come back later (RFC 1813 §2.6).
                let mayAskAgain = error.code == .busy || failure.isLoss && !call.changes
                guard mayAskAgain, now + pause < deadline else { throw error }
                logger.debug("asking again", metadata: ["error": "\(error)"])
                do { try await Task.sleep(for: pause) } catch { throw self.error(.cancelled, call.name, subject()) }
                pause = min(pause * 2, .seconds(1))
            }
        }
    }

    /// The present, by the clock of the transport.
    var now: ContinuousClock.Instant { transport?.now ?? .now }

    /// A random number for a name that nobody else shall choose.
    package func randomNumber() -> UInt64 { transport?.randomNumber() ?? .random(in: .min ... .max) }

    func error(_ code: NFSError.Code, _ operation: String, _ subject: String, _ detail: String? = nil) -> NFSError {
        NFSError(code, operation: operation, subject: subject, address: address, detail: detail)
    }
}

/// The entries of a directory, read page by page as they are asked for. What changes meanwhile may or may not be seen.
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

extension Export {
    /// Adds up what a directory and all that is below it take, from the attributes that come with the listings. Symbolic
    /// links are not followed, other file systems not gone into. What vanishes meanwhile is fine.
    ///
    /// - Parameters:
    ///   - directory: The top of the tree.
    ///   - callsAtOnce: How many calls may be in flight; `nil` for as many as the connections have room for.
    ///   - onProgress: Hears what was found so far, a few times a second.
    /// - Returns: What the tree takes.
    /// - Throws: ``NFSError``, with the path of the directory that could not be read.
    package func measureTree(
        _ directory: FileHandle,
        callsAtOnce: Int? = nil,
        onProgress: @escaping @Sendable (TreeUsage) -> Void = { _ in }
    ) async throws(NFSError) -> TreeUsage {
        let top = Node(handle: directory, attributes: try await attributes(of: directory))
        let usage = try await UsagePlan(top: top).run(
            atOnce: atOnce(callsAtOnce),
            onProgress: onProgress
        ) { work throws(NFSError) in
            try await self.treePage(of: work.handle, from: work.cursor)
        }
        // Handles that all went stale at once look like a tree that is gone.
        let fsid = try await attributes(of: directory).fsid
        guard usage.skipped == 0 || fsid == top.attributes.fsid else {
            // What was skipped as another file system may be the same one under another id.
            throw error(.changed, "measure", "", "the server changed the id of its file system; measure it again")
        }
        return usage
    }
}

extension Export {
    /// Unpacks a tar archive into a directory, as its bytes come: types, bytes, modes, owners, modification times,
    /// symbolic and hard links, devices. What the archive says of its own top, `./`, the directory itself becomes.
    ///
    /// It reads what ``TreeTar`` and GNU tar write (ustar, pax, GNU's long names; no sparse files). Nothing is made outside
    /// of the directory, whatever the archive says: every entry's way is looked up from the top, directory by directory,
    /// and `..`, absolute paths and ways through symbolic links are errors. An entry takes the place of an earlier one that
    /// is no directory. All is on the server's disk when it returns; after an error, what was made so far stays.
    ///
    /// - Parameters:
    ///   - tar: The archive, in pieces of any size.
    ///   - directory: An empty directory that nobody else uses meanwhile.
    ///   - callsAtOnce: How many calls may be in flight; `nil` for as many as the connections have room for. It keeps as
    ///     many chunks of 64 KiB in memory.
    ///   - onProgress: Hears what was made so far, a few times a second.
    /// - Returns: What was made.
    /// - Throws: ``TarError`` for an archive that is damaged, cut off or hostile; ``NFSError`` with the path of the entry;
    ///   what `tar` throws.
    package func unpack(
        _ tar: any AsyncSequence<[UInt8], any Error> & Sendable,
        into directory: FileHandle,
        callsAtOnce: Int? = nil,
        onProgress: @escaping @Sendable (UnpackedTree) -> Void = { _ in }
    ) async throws -> UnpackedTree {
        let top = Node(handle: directory, attributes: try await attributes(of: directory))
        return try await withThrowingTaskGroup(of: TarUnpacking.Finished.self) { group in
            var unpacking = TarUnpacking(on: self, into: top, callsAtOnce: atOnce(callsAtOnce), onProgress: onProgress)
            for try await piece in tar { try await unpacking.take(piece, &group) }
            // A stream may just end when the task is cancelled.
            try Task.checkCancellation()
            return try await unpacking.finish(&group)
        }
    }
}

/// The handle of an export's root, once it is known.
final class RootHandle: Sendable {
    private let handle = Mutex<FileHandle?>(nil)

    var known: FileHandle? { handle.withLock { $0 } }

    func learn(_ handle: FileHandle) { self.handle.withLock { $0 = handle } }
}
