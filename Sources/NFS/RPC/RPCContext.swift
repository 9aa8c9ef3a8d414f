import CLibNFS
import Glibc

/// Owner of one libnfs context: destroyed exactly once, and, being held by an ``RPCConnection`` alone, on its thread.
/// Destroying it answers every call in flight with RPC_STATUS_CANCEL.
struct RPCContext: ~Copyable {
    let context: OpaquePointer
    /// The part of it that raw calls are made on.
    let rpc: OpaquePointer
    /// The pending connect's callback may never come, so it holds no reference of its own to this.
    private var connecting: ReplyBox?

    /// - Returns: `nil` if there is no memory.
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

    /// Starts to connect to a numeric address (libnfs would block on a name); `box` hears how it went, unless the context
    /// is destroyed first.
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
        // Programs that this process starts must not get hold of the socket.
        if isConnecting { _ = fcntl(nfs_get_fd(context), F_SETFD, FD_CLOEXEC) }
        return isConnecting
    }

    /// Queues a call; `box` is kept until its one callback, which destroying the context makes too.
    ///
    /// - Returns: `false` if libnfs could not take it; `box` is then not called.
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

    /// Why the socket failed to connect.
    var socketError: String {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(nfs_get_fd(context), SOL_SOCKET, SO_ERROR, &error, &size)
        return error == 0 ? "the connection was closed" : String(cString: strerror(error))
    }

    /// Where the connection comes from; nil if it is not known.
    var localAddress: LocalAddress? { LocalAddress(of: nfs_get_fd(context)) }

    /// What libnfs last complained about.
    var lastError: String { rpc_get_error(rpc).map { String(cString: $0) } ?? "no reason given" }
}
