import CLibNFS

/// Queues one call on a context; returns `0` if the callback will come.
typealias RPCStart = (_ rpc: OpaquePointer, _ callback: rpc_cb, _ opaque: UnsafeMutableRawPointer) -> Int32

/// One remote procedure call with its arguments: how to queue it and what its reply means.
struct RPCCall<Value: Sendable>: Sendable {
    /// The name of the procedure, for display.
    let name: String
    /// Whether the call changes something on the server; only a call that does not may be sent twice.
    let changes: Bool
    /// The call as a value, if an ``NFSTransport`` can answer it.
    let request: NFSv3Request?
    private let encode: @Sendable (CallMemory) -> RPCStart
    private let decode: @Sendable (UnsafeMutableRawPointer?, CallMemory) -> Result<Value, RPCFailure>

    /// Creates a call of a procedure whose reply is only a value, such as the portmapper's: `queue` is the C shim's raw
    /// call, `arguments` builds its arguments, `decode` reads the reply.
    init<Arguments, Reply>(
        plain name: String,
        changes: Bool = false,
        request: NFSv3Request? = nil,
        _ queue:
            @escaping @Sendable (OpaquePointer?, rpc_cb?, UnsafeMutablePointer<Arguments>?, UnsafeMutableRawPointer?)
            -> Int32,
        arguments: @escaping @Sendable (CallMemory) -> Arguments,
        decode: @escaping @Sendable (_ reply: Reply, CallMemory) -> Result<Value, RPCFailure>
    ) {
        self.name = name
        self.changes = changes
        self.request = request
        encode = { memory in
            let stored = memory.store(arguments(memory))
            return { rpc, callback, opaque in queue(rpc, callback, stored, opaque) }
        }
        self.decode = { reply, memory in
            guard let reply else { return .failure(.malformed) }
            return decode(reply.assumingMemoryBound(to: Reply.self).pointee, memory)
        }
    }

    /// Creates a call of a procedure whose reply begins with a status, as in NFSv3 and MOUNTv3 (RFC 1813 §3.3, §5.2).
    /// `decode` reads a successful reply and returns `nil` if it violates the protocol.
    init<Arguments, Reply>(
        _ request: NFSv3Request,
        _ queue:
            @escaping @Sendable (OpaquePointer?, rpc_cb?, UnsafeMutablePointer<Arguments>?, UnsafeMutableRawPointer?)
            -> Int32,
        arguments: @escaping @Sendable (CallMemory) -> Arguments,
        decode: @escaping @Sendable (_ reply: Reply, CallMemory) -> Value?
    ) {
        self.init(plain: request.name, changes: request.changes, request: request, queue, arguments: arguments) {
            (reply: Reply, memory) in
            let status = withUnsafeBytes(of: reply) { $0.load(as: UInt32.self) }
            guard status == 0 else { return .failure(.status(status)) }
            return decode(reply, memory).map { .success($0) } ?? .failure(.malformed)
        }
    }

    /// Creates a call of a program's NULL procedure, which every server answers with an empty reply (RFC 1813 §3.3.0,
    /// §5.2.0).
    init(
        null queue:
            @escaping @Sendable (OpaquePointer?, rpc_cb?, UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?)
            -> Int32
    ) where Value == Void {
        name = "null"
        changes = false
        request = nil
        encode = { _ in { rpc, callback, opaque in queue(rpc, callback, nil, opaque) } }
        decode = { _, _ in .success(()) }
    }

    /// Lets a transport answer the call.
    func value(
        from transport: any NFSTransport,
        _ mayWrite: @escaping @Sendable () -> Bool
    ) async throws(RPCFailure) -> Value where Value: NFSv3Value {
        guard let request else { throw .rejected("no transport answers \(name)") }
        guard let value = Value(try await transport.answer(request, mayWrite: mayWrite)) else { throw .malformed }
        return value
    }

    /// Prepares the call for queueing, with the box that receives its reply; `answered` receives the outcome, once, on
    /// the I/O thread.
    func prepare(answered: @escaping (Result<Value, RPCFailure>) -> Void) -> (start: RPCStart, box: ReplyBox) {
        let memory = CallMemory()
        let box = ReplyBox { status, data in
            switch (status, data) {
            case (RPC_STATUS_SUCCESS, let data): answered(decode(data, memory))
            case (RPC_STATUS_ERROR, .some(let message)):
                answered(.failure(.rejected(String(cString: message.assumingMemoryBound(to: CChar.self)))))
            default: answered(.failure(.disconnected("the connection was closed")))
            }
        }
        return (encode(memory), box)
    }
}

/// The C memory one call's arguments point into. It lives until the call's reply is decoded: libnfs 6 and later write
/// from it and read into it without copying.
final class CallMemory {
    private var blocks: [UnsafeMutableRawPointer] = []
    /// The destination of a READ's data, if libnfs does not put them into the reply.
    private(set) var readBuffer: UnsafeMutablePointer<CChar>?

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Room for `count` bytes, zeroed.
    func room(for count: Int) -> UnsafeMutablePointer<CChar> {
        let block = UnsafeMutablePointer<CChar>.allocate(capacity: max(count, 1))
        block.initialize(repeating: 0, count: max(count, 1))
        blocks.append(UnsafeMutableRawPointer(block))
        return block
    }

    func readBuffer(for count: Int) -> UnsafeMutablePointer<CChar> {
        let buffer = room(for: count)
        readBuffer = buffer
        return buffer
    }

    /// A NUL-terminated copy of `bytes`.
    func copy(_ bytes: some Collection<UInt8>) -> UnsafeMutablePointer<CChar> {
        let copy = room(for: bytes.count + 1)
        UnsafeMutableRawBufferPointer(start: copy, count: bytes.count).copyBytes(from: bytes)
        return copy
    }

    /// A copy of a whole argument structure.
    func store<Arguments>(_ arguments: Arguments) -> UnsafeMutablePointer<Arguments> {
        let block = UnsafeMutablePointer<Arguments>.allocate(capacity: 1)
        block.initialize(to: arguments)
        blocks.append(UnsafeMutableRawPointer(block))
        return block
    }

    func handle(_ handle: FileHandle) -> nfs_fh3 {
        var argument = nfs_fh3()
        argument.data.data_len = UInt32(handle.bytes.count)
        argument.data.data_val = copy(handle.bytes)
        return argument
    }

    func entry(_ name: NFSName, in directory: FileHandle) -> diropargs3 {
        diropargs3(dir: handle(directory), name: copy(name.bytes))
    }
}

/// The target of a libnfs callback. It only decodes and settles promises, because a callback must never queue another
/// call.
final class ReplyBox {
    let receive: (_ status: Int32, _ data: UnsafeMutableRawPointer?) -> Void

    init(receive: @escaping (_ status: Int32, _ data: UnsafeMutableRawPointer?) -> Void) {
        self.receive = receive
    }
}
