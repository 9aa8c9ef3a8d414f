import Kubernetes
import NFS

/// The file that a record was written to. A record is replaced, never written to in its place: as long as its name leads to
/// this file, nobody has changed it.
struct RecordFile: Hashable, Sendable {
    let handle: FileHandle
    /// In bytes; an admin's editor may write in place.
    let size: UInt64
    /// When it was made, by the server's clock.
    let writtenAt: Timestamp
}
