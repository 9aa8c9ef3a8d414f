import Foundation
import Logging
import NFS
import TestBed

extension Scenario {
    /// Renames something on the first export beside itself, through the NFS server: what is done behind its back it may not
    /// notice for a while.
    func rename(_ entry: URL, to name: String) async throws {
        try await withFolder(entry.deletingLastPathComponent()) { export, folder in
            try await export.rename(NFSName(entry.lastPathComponent), in: folder, to: NFSName(name), in: folder)
        }
    }

    /// Makes a folder on the first export in the same way.
    func makeDirectory(_ folder: URL) async throws {
        try await withFolder(folder.deletingLastPathComponent()) { export, parent in
            _ = try await export.makeDirectory(NFSName(folder.lastPathComponent), in: parent, mode: 0o755)
        }
    }

    /// A folder of the first export, as any client of the server has it.
    func withFolder<Value>(
        _ folder: URL,
        _ body: (Export, NFS.FileHandle) async throws -> Value
    ) async throws -> Value {
        let export = Export(
            address: ExportAddress(server: bed.nfsServer, path: bed.exportA),
            options: try ConnectionOptions.parse(mountOptions),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            var handle = try await export.root().handle
            for name in folder.pathComponents.dropFirst(URL(filePath: bed.exportA).pathComponents.count) {
                handle = try await export.lookup(NFSName(name), in: handle).handle
            }
            let value = try await body(export, handle)
            await export.close()
            return value
        } catch {
            await export.close()
            throw error
        }
    }
}
