import Kubernetes

/// `export.json` in the controller's folder.
struct ExportMarker: Codable, Sendable {
    var version = 1
    var id: String
    var createdAt: Timestamp
}
