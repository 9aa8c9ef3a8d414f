import Logging
import NFS

/// What all shares of a process have in common.
struct ShareContext: Sendable {
    /// The cluster that the process works for, once it is known.
    let cluster: @Sendable () -> String?
    /// What the share of an export must be (S7: no other share is used).
    let expectedIdentity: @Sendable (ExportPath) -> ExpectedIdentity
    /// Runs the admin's hooks at each lifecycle phase.
    let hooks: any VolumeHooks
    /// How many volumes' hooks run at a time: some workers are left for volumes without hooks.
    let hookSlots = Slots<String>(limit: 8)
    let archiveLocks = ArchiveLocks()
    /// Receives every catalogue that was read to its end.
    let onCatalogue: @Sendable (_ export: ExportPath, _ catalogue: [CatalogueEntry]) -> Void
    let makeExport: @Sendable (ShareAddress, Logger) -> Export
    let logger: Logger
}
