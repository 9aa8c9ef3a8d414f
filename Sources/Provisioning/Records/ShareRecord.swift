import Kubernetes
import NFS

/// A JSON file in the controller's folder on a share, one of its kind for each name.
package protocol ShareRecord: Codable, Sendable {
    static var folder: RecordFolder { get }
    /// The layout of the file; a greater one than this program knows is not read.
    var version: Int { get set }
    /// The file's name without `.json`.
    var recordName: String { get }
    /// The record without what comes from other files.
    var stored: Self { get }
}

extension ShareRecord {
    package var stored: Self { self }
}

/// The file that a record was written to. A record is replaced, never modified in place: as long as its name leads to
/// this file, it is unchanged.
struct RecordFile: Hashable, Sendable {
    let handle: FileHandle
    /// In bytes: an admin's editor may write in place.
    let size: UInt64
    /// When it was made, by the server's clock.
    let writtenAt: Timestamp
}

/// A folder of records in the controller's own folder.
package enum RecordFolder: String, Sendable {
    case volumes
    case archives
    case holds

    var fileName: NFSName {
        switch self {
        case .volumes: "volumes"
        case .archives: "archives"
        case .holds: "holds"
        }
    }
}
