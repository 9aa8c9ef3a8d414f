import Kubernetes
import Logging
import NFS

/// Long-lived connection to one export: reaches its server, opens the controller's folder on it once, and checks that
/// it is the expected share.
///
/// Every operation can be repeated after a crash at any line. Nothing changes while the lease is not held: the export's
/// gate refuses the call at the last moment.
package final class ShareConnection: Sendable {
    package let address: ShareAddress
    let export: Export
    private let context: ShareContext
    private let audit: AuditLog
    private let state: ShareState
    private let outage = ShareOutage()

    /// - Parameters:
    ///   - address: The export, and how to talk to its server.
    ///   - writer: Names this process' audit files, so that no two processes write to one.
    ///   - state: The state of the export, whatever the connection options.
    ///   - context: The context that all shares of the process have in common.
    init(
        address: ShareAddress,
        writer: String,
        state: ShareState,
        context: ShareContext
    ) {
        var logger = context.logger
        logger[metadataKey: "export"] = "\(address)"
        self.address = address
        self.state = state
        self.context = context
        export = context.makeExport(address, logger)
        audit = AuditLog(export: export, writer: writer, cluster: context.cluster)
    }

    /// The cluster that this process works for; nil while it is not known.
    package var cluster: String? { context.cluster() }

    package func close() async {
        await export.close()
    }

    /// Whether a controller has used the export before. Asking leaves no mark on it.
    package func hasBeenUsed() async throws -> Bool {
        try await ControllerFolder.marker(in: export.remount(), on: export) != nil
    }

    /// ``open(_:)`` for operations that make call after call and compute next to nothing.
    func openForCalls<Value>(_ body: (OpenShare) async throws -> Value) async throws -> Value {
        try await NFSEventLoop.withManyCalls { try await open(body) }
    }

    /// Runs an operation on the share. Its folder is opened once, and again after the server has answered that a handle
    /// is stale.
    ///
    /// - Throws: What `body` throws; ``ShareError`` if the share is not the expected one; `NFSError` if the server does
    ///   not answer; immediately while another operation probes it.
    func open<Value>(_ body: (OpenShare) async throws -> Value) async throws -> Value {
        try await outage.run(probe: { _ = try await export.root() }) {
            let opened = try await state.folder.value {
                try await ControllerFolder.open(
                    on: export,
                    address: address,
                    expecting: context.expectedIdentity(address.export)
                )
            }
            do {
                return try await body(share(opened))
            } catch let error as NFSError where error.code == .stale {
                state.folder.reset()
                throw error
            }
        }
    }

    private func share(_ folder: ControllerFolder) -> OpenShare {
        OpenShare(
            address: address,
            export: export,
            folder: folder,
            log: audit,
            state: state,
            context: context
        )
    }
}
