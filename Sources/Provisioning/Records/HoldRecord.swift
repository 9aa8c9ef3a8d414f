import Kubernetes

/// A hold on an archive, kept as `holds/<archive>.json`: a file that only those write who place and release holds, so that
/// nothing that an operation writes about the archive can lose it.
///
/// Programs before this one kept the hold in the archive's record; it counts where there is no file of its own.
struct HoldRecord: ShareRecord, Hashable {
    static let folder = RecordFolder.holds

    var version = 1
    var archive: String
    var reason: String
    var at: Timestamp
    /// nil while the archive is held.
    var releasedAt: Timestamp?

    var recordName: String { archive }

    var hold: ArchiveRecord.Hold? {
        releasedAt == nil ? ArchiveRecord.Hold(reason: reason, at: at) : nil
    }
}
