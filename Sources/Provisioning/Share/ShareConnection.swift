import Kubernetes
import Logging
import NFS

/// A way to one export that lasts as long as the process: reaches its server, opens the controller's folder on it once,
/// and proves that it is the share it was.
///
/// Every operation can be run again after a crash at any line. Nothing changes while the lease is not held: the export's
/// gate refuses the call at the last moment.
package final class ShareConnection: Sendable {
    package let address: ShareAddress
    let export: Export
    private let context: ShareContext
    private let audit: AuditLog
    private let state: ShareState
    private let outage = ShareOutage()

    /// - Parameters:
    ///   - address: Which export, and how to talk to its server.
    ///   - writer: Names this process' audit files, so that no two processes write to one.
    ///   - state: That of the export, whatever options it is talked to with.
    ///   - context: What all shares of the process have in common.
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

    /// Runs an operation on the share, whose folder is opened once, and again after the share answered that a handle has
    /// gone stale.
    ///
    /// - Throws: What `body` throws; ``ShareError`` when the share is not the expected one; `NFSError` when the server does
    ///   not answer, at once while another operation finds out whether it does again.
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
