import Logging
import Synchronization

/// A client of one NFSv3 export that works on file handles: each call names an entry by the handle of its directory, so
/// no symbolic link can lead a path astray. Links are entries and are never followed.
///
/// Connections are opened on first use and reopened after a loss; handles outlive them. Every call ends within
/// ``ConnectionOptions/deadline`` of being sent, and waits at most as long again for a connection and its turn.
/// Cancelling a task ends a read-only call immediately. A call that changes something is not sent after a cancellation;
/// once sent, it runs to its end as if its task were not cancelled, so no change happens behind its caller's back.
package final class Export: Sendable {
    package let address: ExportAddress
    package let options: ConnectionOptions
    /// Answers the calls instead of the connections, if set.
    let transport: (any NFSTransport)?
    private let mayWrite: @Sendable () -> Bool
    private let connections: ConnectionPool
    private let rootHandle = RootHandle()
    private let namesOnly = Atomic(false)
    let logger: Logger

    /// Creates a client that is not connected yet.
    ///
    /// - Parameters:
    ///   - address: Server and exported path.
    ///   - options: The options of the connections.
    ///   - transport: Answers the calls instead of a server; `nil` uses the task's transport, which is set in
    ///     simulations only.
    ///   - mayWrite: Called on the I/O thread right before each call that changes something is sent; `false` fails the
    ///     call with ``NFSError/Code/fenced``. Called again every tenth of a second while one is in flight; `false`
    ///     then resets its connection (``NFSError/Code/disconnected``). It must not block.
    ///   - logger: Logs failures that the client recovers from.
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

    /// Whether the server turned out not to support READDIRPLUS.
    package var listsNamesOnly: Bool { namesOnly.load(ordering: .relaxed) }

    func noteNamesOnly() { namesOnly.store(true, ordering: .relaxed) }

    /// The number of calls that have not returned yet.
    package var callsUnderWay: Int { connections.load }

    /// The export's root with fresh attributes: mounts on first use, and again if the server no longer knows the
    /// handle. Call it again when a call fails with ``NFSError/Code/stale``.
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

    /// The directory that the server exports at this address now, whatever it exported before. A handle keeps naming
    /// its original directory, even after another one replaced it.
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
            outcome = .failure(await explained(error, on: connection))
        }
        await connection.close()
        return try outcome.get()
    }

    /// A refusal to mount, explained if the server exports neither this path nor one above it.
    private func explained(_ error: NFSError, on connection: RPCConnection) async -> NFSError {
        guard error.code == .mountRefused, error.detail == nil, [1, 2, 13].contains(error.nfsStatus) else {
            return error
        }
        let listed = try? await connection.perform(
            .listExports,
            sentBy: now + options.timeout,
            patience: options.timeout
        )
        guard let listed, !listed.isEmpty, !listed.contains(where: { $0.covers(address.path) }) else { return error }
        return NFSError(
            .mountRefused,
            nfsStatus: error.nfsStatus,
            operation: error.operation,
            address: address,
            // The names of other exports are not everybody's business who sees an event.
            detail: "the server does not export this path: export it, or correct the path; doctor lists what it exports"
        )
    }

    /// The destination of a call.
    private enum Route {
        case connection(RPCConnection)
        case transport(any NFSTransport)
    }

    /// Makes a call on the least loaded connection; `subject` names in errors what the call is about.
    func perform<Value: NFSv3Value>(
        _ call: RPCCall<Value>,
        subject: @autoclosure () -> String = ""
    ) async throws(NFSError) -> Value {
        try await perform(call, subject: subject()) {
            if let transport { .transport(transport) } else { .connection(connections.leastLoaded) }
        }
    }

    /// Makes a call. Until the deadline, it retries if the server is busy, or if the connection is lost and the call is
    /// read-only.
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
                // NFS3ERR_JUKEBOX means that the call is not done yet and should be retried later (RFC 1813 §2.6).
                let mayAskAgain = error.code == .busy || failure.isLoss && !call.changes
                guard mayAskAgain, now + pause < deadline else { throw error }
                logger.debug("retrying a call", metadata: ["error": "\(error)"])
                do { try await Task.sleep(for: pause) } catch { throw self.error(.cancelled, call.name, subject()) }
                pause = min(pause * 2, .seconds(1))
            }
        }
    }

    /// The current time on the transport's clock.
    var now: ContinuousClock.Instant { transport?.now ?? .now }

    /// A random number for a name that no other client chooses.
    package func randomNumber() -> UInt64 { transport?.randomNumber() ?? .random(in: .min ... .max) }

    func error(_ code: NFSError.Code, _ operation: String, _ subject: String, _ detail: String? = nil) -> NFSError {
        NFSError(code, operation: operation, subject: subject, address: address, detail: detail)
    }
}

extension Export {
    /// Adds up the usage of a directory tree from the attributes that come with the listings. It follows no symbolic
    /// links and enters no other file systems. Entries may vanish meanwhile.
    ///
    /// - Parameters:
    ///   - directory: The top of the tree.
    ///   - callsAtOnce: How many calls may be in flight; `nil` for as many as the connections have room for.
    ///   - onProgress: Receives the usage found so far, a few times a second.
    /// - Returns: The usage of the tree.
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
        // If all handles go stale together, the tree looks as if it were gone.
        let fsid = try await attributes(of: directory).fsid
        guard usage.skipped == 0 || fsid == top.attributes.fsid else {
            // A directory skipped as another file system may be on the same one under a new id.
            throw error(.changed, "measure", "", "the server changed the id of its file system; measure it again")
        }
        return usage
    }
}

extension Export {
    /// Unpacks a tar archive into a directory as its bytes arrive: types, bytes, modes, owners, modification times,
    /// symbolic and hard links, devices. The archive's entry for its own top, `./`, applies to the directory itself.
    ///
    /// It reads the output of ``TreeTar`` and GNU tar (ustar, pax, GNU's long names; no sparse files). Nothing is
    /// created outside of the directory, whatever the archive contains: every entry's path is looked up from the top,
    /// directory by directory, and `..`, absolute paths and paths through symbolic links are errors. An entry replaces
    /// an earlier one of the same name that is not a directory. Everything is on the server's disk when it returns;
    /// after an error, the entries made so far remain.
    ///
    /// - Parameters:
    ///   - tar: The archive, in pieces of any size.
    ///   - directory: An empty directory that nobody else uses meanwhile.
    ///   - callsAtOnce: How many calls may be in flight; `nil` for as many as the connections have room for. That many
    ///     chunks of 64 KiB are held in memory.
    ///   - onProgress: Receives the counts so far, a few times a second.
    /// - Returns: Counts of what was created.
    /// - Throws: `TarError` for an archive that is damaged, truncated or hostile; ``NFSError`` with the path of the
    ///   entry; what `tar` throws.
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
