import CLibNFS
import Glibc

/// The owner of one libnfs context. It destroys the context exactly once and on the right thread, because only an
/// ``RPCConnection`` holds it. This answers every call in flight with RPC_STATUS_CANCEL.
struct RPCContext: ~Copyable {
    let context: OpaquePointer
    /// The part of the context that raw calls are made on.
    let rpc: OpaquePointer
    /// Keeps the box alive: the callback of the pending connect may never come, so it holds no reference of its own.
    private var connecting: ReplyBox?

    /// - Returns: `nil` if there is not enough memory.
    init?(uid: UInt32, gid: UInt32) {
        guard let context = nfs_init_context() else { return nil }
        guard let rpc = nfs_get_rpc_context(context) else {
            nfs_destroy_context(context)
            return nil
        }
        nsp_configure(context)
        nfs_set_uid(context, Int32(bitPattern: uid))
        nfs_set_gid(context, Int32(bitPattern: gid))
        self.context = context
        self.rpc = rpc
        connecting = nil
    }

    deinit { nfs_destroy_context(context) }

    /// Starts to connect to a numeric address (libnfs would block on a name); `box` receives the outcome unless the
    /// context is destroyed first.
    ///
    /// - Returns: `false` if `box` will not be called.
    mutating func connect(to address: String, port: UInt16, box: ReplyBox) -> Bool {
        connecting = box
        let isConnecting =
            rpc_connect_async(
                rpc,
                address,
                Int32(port),
                { _, status, data, opaque in
                    guard let opaque else { return }
                    Unmanaged<ReplyBox>.fromOpaque(opaque).takeUnretainedValue().receive(status, data)
                },
                Unmanaged.passUnretained(box).toOpaque()
            ) == 0
        // Child processes must not inherit the socket.
        if isConnecting { _ = fcntl(nfs_get_fd(context), F_SETFD, FD_CLOEXEC) }
        return isConnecting
    }

    /// Queues a call; `box` is retained until its one callback, which also comes when the context is destroyed.
    ///
    /// - Returns: `false` if libnfs could not queue it; `box` is then not called.
    func queue(_ start: RPCStart, box: ReplyBox) -> Bool {
        let opaque = Unmanaged.passRetained(box)
        let isQueued =
            start(
                rpc,
                { _, status, data, opaque in
                    guard let opaque else { return }
                    Unmanaged<ReplyBox>.fromOpaque(opaque).takeRetainedValue().receive(status, data)
                },
                opaque.toOpaque()
            ) == 0
        if !isQueued { opaque.release() }
        return isQueued
    }

    /// The reason why the socket failed to connect.
    var socketError: String {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(nfs_get_fd(context), SOL_SOCKET, SO_ERROR, &error, &size)
        return error == 0 ? "the connection was closed" : String(cString: strerror(error))
    }

    /// The local address of the connection; `nil` if it is unknown.
    var localAddress: LocalAddress? { LocalAddress(of: nfs_get_fd(context)) }

    /// The last error that libnfs reported.
    var lastError: String { rpc_get_error(rpc).map { String(cString: $0) } ?? "no reason given" }
}
