import NFS

/// The controller's own folder in an export's root, out of the tenants' reach (mode 0700), opened.
package struct ControllerFolder: Sendable {
    package static let name: NFSName = ".sb-nfs-provisioner"

    /// The export's root.
    package let root: Node
    /// The share's identity: a random name, made at its first use (S7: no other share is used).
    package let exportID: String
    /// The folder itself.
    let own: FileHandle
    let volumes: FileHandle
    let archives: FileHandle
    /// nil until the first hold is placed.
    let holds: FileHandle?
    let trash: FileHandle
    /// What is being made and not in its place yet.
    let staging: FileHandle
    let audit: FileHandle

    /// - Returns: nil for a folder that was not there when this one was opened.
    func handle(of folder: RecordFolder) -> FileHandle? {
        switch folder {
        case .volumes: volumes
        case .archives: archives
        case .holds: holds
        }
    }
}
