import NFS
import Provisioning

/// What tenants and admins do to a share before histories start.
enum Preparation {
    private static func withExport<Value>(_ body: (Export, Node) async throws -> Value) async throws -> Value {
        let export = Export(address: Claims.address.export.address, logger: ControllerProcess.logger)
        return try await body(export, try await export.root())
    }

    static func makeDirectory(_ name: String) async throws {
        try await withExport { export, root in
            _ = try await export.makeDirectory(try NFSName(name), in: root.handle, mode: 0o755)
        }
    }

    /// Writes a file `file` into a directory.
    static func write(_ bytes: [UInt8], to path: String) async throws {
        try await withExport { export, root in
            var directory = root.handle
            for name in path.split(separator: "/") {
                directory = try await export.lookup(try NFSName(String(name)), in: directory).handle
            }
            let file = try await export.createFile("file", in: directory, mode: 0o644)
            try await export.writeAll(bytes, to: file.handle, at: 0)
        }
    }
}
