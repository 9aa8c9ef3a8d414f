import Kubernetes
import NFS

import struct Foundation.UUID

extension ControllerFolder {
    static let markerName: NFSName = "export.json"

    /// Finds the folder, or makes it on a share that is used for the first time.
    ///
    /// - Throws: ``UnusedShare`` where only a marked one will do; ``ShareError`` when the share is not the expected one: it is another, or an empty mount point in its
    ///   place, and nothing may be made or concluded there.
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

    /// What the share says of itself now; nil where no controller has used it.
    static func marker(in root: Node, on export: Export) async throws -> ExportMarker? {
        guard let folder = try await export.lookupIfPresent(name, in: root.handle),
            folder.attributes.type == .directory,
            let bytes = try await export.readFileIfPresent(markerName, in: folder.handle)
        else { return nil }
        return try RecordCoder.decode(ExportMarker.self, from: bytes, file: "\(name)/\(markerName)")
    }

    /// - Returns: The identity that the share has then: another's, if another marked it at the same time.
    private static func makeMarker(in folder: Node, _ root: Node, on export: Export) async throws -> String {
        let marker = ExportMarker(id: UUID().uuidString.lowercased(), createdAt: .now)
        try await export.writeFileAtomically(markerName, in: folder.handle, bytes: try RecordCoder.encode(marker))
        return try await self.marker(in: root, on: export)?.id ?? marker.id
    }
}
