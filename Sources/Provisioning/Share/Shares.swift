import Kubernetes
import Logging
import NFS
import Synchronization

/// The shares in use, each opened when it is first needed.
package final class Shares: Sendable {
    private struct State {
        var shares: [ShareAddress: Share] = [:]
        var archiveNames: [ExportPath: ArchiveNameReservations] = [:]
        var folders: [ExportPath: SingleFlight<ControllerFolder>] = [:]
    }

    private let state = Mutex(State())
    private let archivesInHand = ArchivesInHand()
    private let writer: String
    private let cluster: @Sendable () -> String?
    private let expectedIdentity: @Sendable (ExportPath) -> ExpectedIdentity
    private let hooks: any VolumeHooks
    /// Of the workers on volumes, some are left for those without hooks.
    private let hookSlots = Slots<String>(limit: 8)
    private let onCatalogue: @Sendable (_ export: ExportPath, _ catalogue: [CatalogueEntry]) -> Void
    private let mayWrite: @Sendable () -> Bool
    private let logger: Logger

    /// - Parameters:
    ///   - writer: Who this process is, as it may stand in a file's name.
    ///   - cluster: The cluster that this process works for, once it is known.
    ///   - expectedIdentity: What the share of an export must be (rule R4).
    ///   - hooks: What the admin has run at the moments of a volume's life.
    ///   - onCatalogue: Told of every catalogue that was read to its end.
    ///   - mayWrite: Asked before each change of a share (rule L1).
    ///   - logger: Parent of the shares' loggers.
    package init(
        writer: String,
        cluster: @escaping @Sendable () -> String? = { nil },
        expectedIdentity: @escaping @Sendable (ExportPath) -> ExpectedIdentity,
        hooks: any VolumeHooks = NoHooks(),
        onCatalogue: @escaping @Sendable (_ export: ExportPath, _ catalogue: [CatalogueEntry]) -> Void = { _, _ in },
        mayWrite: @escaping @Sendable () -> Bool,
        logger: Logger
    ) {
        self.writer = writer
        self.cluster = cluster
        self.expectedIdentity = expectedIdentity
        self.hooks = hooks
        self.onCatalogue = onCatalogue
        self.mayWrite = mayWrite
        self.logger = logger
    }

    package subscript(address: ShareAddress) -> Share {
        state.withLock { state in
            if let share = state.shares[address] { return share }
            let export = address.export
            let folder = state.folders[export] ?? SingleFlight()
            state.folders[export] = folder
            let share = Share(
                address: address,
                // Two shares may be one export under two names: each writes files of its own.
                writer: "\(writer)-\(state.shares.count)",
                archiveNames: state.archiveNames[export] ?? ArchiveNameReservations(),
                archivesInHand: archivesInHand,
                folder: folder,
                cluster: cluster,
                expectedIdentity: { [expectedIdentity] in expectedIdentity(export) },
                hooks: hooks,
                hookSlots: hookSlots,
                onCatalogue: { [onCatalogue] in onCatalogue(export, $0) },
                mayWrite: mayWrite,
                logger: logger
            )
            state.archiveNames[export] = share.archiveNames
            state.shares[address] = share
            return share
        }
    }

    package func close() async {
        for share in state.withLock({ $0.shares.values }) { await share.close() }
    }
}
