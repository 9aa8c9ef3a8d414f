import NFS

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
