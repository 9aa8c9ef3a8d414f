import NFS

/// A folder of an NFS export.
struct NFSCopyFolder: CopyFolder {
    let export: Export
    private let directory: FileHandle

    /// Opens the folder of that name in the export's root, and makes it if it is not there.
    init(_ name: NFSName, on export: Export) async throws(NFSError) {
        self.export = export
        let root = try await export.root().handle
        let node: Node
        do {
            node = try await export.makeDirectory(name, in: root, mode: 0o700)
        } catch let error where error.code == .alreadyExists {
            node = try await export.lookup(name, in: root)
        }
        guard node.attributes.type == .directory else {
            throw NFSError(.notDirectory, operation: "open", subject: "\(name)", address: export.address)
        }
        directory = node.handle
    }

    func create(_ name: NFSName) async throws -> any CopyFile {
        try await remove(name)
        return NFSCopyFile(
            try await export.createFile(name, in: directory, mode: 0o600),
            name,
            in: directory,
            on: export
        )
    }

    func open(_ name: NFSName) async throws -> (any CopyFile)? {
        do throws(NFSError) {
            let node = try await export.lookup(name, in: directory)
            guard node.attributes.type == .regular else { return nil }
            return NFSCopyFile(node, name, in: directory, on: export)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    func remove(_ name: NFSName) async throws {
        do throws(NFSError) {
            try await export.remove(name, in: directory)
        } catch {
            guard error.code == .notFound else { throw error }
        }
    }
}
