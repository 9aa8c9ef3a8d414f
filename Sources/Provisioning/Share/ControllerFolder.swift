import Kubernetes
import NFS

import struct Foundation.UUID

/// The controller's own folder in an export's root, opened; its mode 0700 keeps tenants out.
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
    /// The folder for directories that are being made and are not in their places yet.
    let staging: FileHandle
    let audit: FileHandle

    /// - Returns: nil for a folder that did not exist when this one was opened.
    func handle(of folder: RecordFolder) -> FileHandle? {
        switch folder {
        case .volumes: volumes
        case .archives: archives
        case .holds: holds
        }
    }
}

extension ControllerFolder {
    static let markerName: NFSName = "export.json"

    /// Finds the folder, or makes it on a share that is used for the first time.
    ///
    /// - Throws: ``UnusedShare`` if a marked share is expected and this one is not; ``ShareError`` if the share is not
    ///   the expected one: it is another, or an empty mount point in its place, and nothing may be made or concluded
    ///   there.
    static func open(
        on export: Export,
        address: ShareAddress,
        expecting expected: ExpectedIdentity
    ) async throws -> ControllerFolder {
        let root = try await export.remount()
        let marker = try await marker(in: root, on: export)
        switch expected {
        case .marked where marker == nil:
            throw UnusedShare(address: address)
        case .remembered(let ids) where !ids.isEmpty && !ids.contains(marker?.id ?? ""):
            throw ShareError(
                "\(address) is not the share on which the cluster's volumes were made: they remember the identity"
                    + " \(ids.sorted().joined(separator: ", ")) and it has \(marker?.id ?? "none"); export the right"
                    + " directory, or put that identity into \(name)/\(markerName) if the data was moved here"
            )
        case .marked, .remembered:
            break
        }
        let folder = try await export.ensureDirectory(name, in: root.handle, mode: 0o700)
        guard folder.attributes.type == .directory else {
            throw ShareError(
                "\(name) on \(address) is a \(folder.attributes.type), not the controller's folder: move it away"
            )
        }
        func subfolder(_ name: NFSName) async throws -> FileHandle {
            try await export.ensureDirectory(name, in: folder.handle, mode: 0o700).handle
        }
        let exportID: String
        if let marker { exportID = marker.id } else { exportID = try await makeMarker(in: folder, root, on: export) }
        return ControllerFolder(
            root: root,
            exportID: exportID,
            own: folder.handle,
            volumes: try await subfolder("volumes"),
            archives: try await subfolder("archives"),
            holds: try await export.lookupIfPresent(RecordFolder.holds.fileName, in: folder.handle)?.handle,
            trash: try await subfolder("trash"),
            staging: try await subfolder("staging"),
            audit: try await subfolder("audit")
        )
    }

    /// The share's marker as it is now; nil if no controller has used the share.
    static func marker(in root: Node, on export: Export) async throws -> ExportMarker? {
        guard let folder = try await export.lookupIfPresent(name, in: root.handle),
            folder.attributes.type == .directory,
            let bytes = try await export.readFileIfPresent(markerName, in: folder.handle)
        else { return nil }
        return try RecordCoder.decode(ExportMarker.self, from: bytes, file: "\(name)/\(markerName)")
    }

    /// - Returns: The identity that the share has afterwards: another process's, if that marked it at the same time.
    private static func makeMarker(in folder: Node, _ root: Node, on export: Export) async throws -> String {
        let marker = ExportMarker(id: UUID().uuidString.lowercased(), createdAt: .now)
        try await export.writeFileAtomically(markerName, in: folder.handle, bytes: try RecordCoder.encode(marker))
        return try await self.marker(in: root, on: export)?.id ?? marker.id
    }
}

/// `export.json` in the controller's folder.
struct ExportMarker: Codable, Sendable {
    var version = 1
    var id: String
    var createdAt: Timestamp
}

/// Identity that a share must have (S7: no other share is used).
package enum ExpectedIdentity: Sendable, Hashable {
    /// An identity that the cluster's volumes remember. If they remember none, any; a share without one gets one.
    case remembered(Set<String>)
    /// Any, but the share must have one: an operation that only reads leaves no mark on it.
    case marked
}

/// Error for an export's root without the marker that a controller leaves on its first use: none has used it, or it is
/// not the share it should be.
package struct UnusedShare: Error, Sendable, Hashable, CustomStringConvertible {
    package let address: ShareAddress

    package var description: String {
        "\(address) has no \(ControllerFolder.name)/\(ControllerFolder.markerName): no controller has used this directory"
    }
}
