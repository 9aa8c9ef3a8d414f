import Kubernetes
import Logging
import NFS
import Synchronization

/// The shares in use, each opened when it is first needed.
package final class Shares: Sendable {
    private struct State {
        var shares: [ShareAddress: ShareConnection] = [:]
        var states: [ExportPath: ShareState] = [:]
    }

    private let state = Mutex(State())
    private let writer: String
    private let context: ShareContext

    /// - Parameters:
    ///   - writer: Names this process, as part of a file's name.
    ///   - cluster: The cluster that this process works for, once it is known.
    ///   - expectedIdentity: The identity that the share of an export must have (S7: no other share is used).
    ///   - hooks: Runs the admin's hooks at each lifecycle phase.
    ///   - onCatalogue: Receives every catalogue that was read to its end.
    ///   - mayWrite: Asked before each change of a share (L6: no write after the lease's deadline).
    ///   - logger: Parent of the shares' loggers.
    package convenience init(
        writer: String,
        cluster: @escaping @Sendable () -> String? = { nil },
        expectedIdentity: @escaping @Sendable (ExportPath) -> ExpectedIdentity,
        hooks: any VolumeHooks = NoHooks(),
        onCatalogue: @escaping @Sendable (_ export: ExportPath, _ catalogue: [CatalogueEntry]) -> Void = { _, _ in },
        mayWrite: @escaping @Sendable () -> Bool,
        logger: Logger
    ) {
        self.init(
            writer: writer,
            context: ShareContext(
                cluster: cluster,
                expectedIdentity: expectedIdentity,
                hooks: hooks,
                onCatalogue: onCatalogue,
                makeExport: { address, logger in
                    Export(
                        address: address.export.address,
                        options: address.options,
                        mayWrite: mayWrite,
                        logger: logger
                    )
                },
                logger: logger
            )
        )
    }

    init(writer: String, context: ShareContext) {
        self.writer = writer
        self.context = context
    }

    package subscript(address: ShareAddress) -> ShareConnection {
        state.withLock { state in
            if let share = state.shares[address] { return share }
            let export = address.export
            let known = state.states[export] ?? ShareState()
            let share = ShareConnection(
                address: address,
                // Two connections may reach one export under two names: each writes files of its own.
                writer: "\(writer)-\(state.shares.count)",
                state: known,
                context: context
            )
            state.states[export] = known
            state.shares[address] = share
            return share
        }
    }

    package func close() async {
        for share in state.withLock({ $0.shares.values }) { await share.close() }
    }
}
