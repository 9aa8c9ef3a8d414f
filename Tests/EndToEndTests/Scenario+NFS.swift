import Foundation
import Logging
import NFS
import TestBed

extension Scenario {
    /// Renames a folder beside itself in the first export, through the NFS server: what is done behind its back it may
    /// not notice for a while.
    func rename(_ folder: URL, to name: String) async throws {
        try await withExport { export, root in
            try await export.rename(NFSName(folder.lastPathComponent), in: root, to: NFSName(name), in: root)
        }
    }

    /// Makes a folder in the first export, likewise.
    func makeDirectory(_ folder: URL) async throws {
        try await withExport { export, root in
            _ = try await export.makeDirectory(NFSName(folder.lastPathComponent), in: root, mode: 0o755)
        }
    }

    private func withExport(_ body: (Export, NFS.FileHandle) async throws -> Void) async throws {
        let export = Export(
            address: ExportAddress(server: bed.nfsServer, path: bed.exportA),
            options: try ConnectionOptions.parse(mountOptions),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            try await body(export, export.root().handle)
        } catch {
            await export.close()
            throw error
        }
        await export.close()
    }
}
