import NFS

extension OpenShare {
    /// The directory at a path and the one it lies in; nil if a component is not there.
    ///
    /// - Throws: ``ShareError`` when a component is no directory (S5: a link or file is refused), or lies on another file
    ///   system (S10: never across file systems).
    func locate(_ path: VolumePath) async throws -> (parent: FileHandle, node: Node)? {
        try await export.locate(path, below: folder.root)
    }

    /// The directory that a volume's directory lies in; its missing ones are made as `mkdir -p` would.
    func makeParent(of path: VolumePath) async throws -> FileHandle {
        var parent = folder.root.handle
        for component in path.components.dropLast() {
            let node = try await export.ensureDirectory(component, in: parent, mode: 0o755)
            try await require(node, component, of: path)
            parent = node.handle
        }
        return parent
    }

    /// - Throws: ``ShareError`` unless the node is a directory (S5: a link or file is refused) on the root's file system
    ///   (S10: never across file systems).
    func require(_ node: Node, _ component: NFSName, of path: VolumePath) async throws {
        try await export.require(node, below: folder.root, component, of: path)
    }
}

extension Export {
    /// The directory at a path below a root, and the one it lies in; nil if a component is not there.
    ///
    /// - Throws: ``ShareError`` when a component is no directory (S5: a link or file is refused), or lies on another file
    ///   system than the root (S10: never across file systems).
    func locate(_ path: VolumePath, below root: Node) async throws -> (parent: FileHandle, node: Node)? {
        var parent = root.handle
        var found: Node?
        for component in path.components {
            parent = found?.handle ?? parent
            guard let node = try await lookupIfPresent(component, in: parent) else { return nil }
            try await require(node, below: root, component, of: path)
            found = node
        }
        return found.map { (parent, $0) }
    }

    /// - Throws: ``ShareError`` unless the node is a directory (S5: a link or file is refused) on the root's file system
    ///   (S10: never across file systems).
    fileprivate func require(_ node: Node, below root: Node, _ component: NFSName, of path: VolumePath) async throws {
        guard node.attributes.type == .directory else {
            throw ShareError(
                "\(component) in \(path) on \(address) is a \(node.attributes.type), not a directory:"
                    + " move it away; it was not followed and nothing was touched"
            )
        }
        guard node.attributes.fsid != root.attributes.fsid else { return }
        // A server that was restarted may number its file systems anew; handles outlive that.
        guard try await attributes(of: root.handle).fsid != node.attributes.fsid else { return }
        throw ShareError(
            "\(component) in \(path) on \(address) lies on another file system than the export's root:"
                + " give that file system an export and a class of its own"
        )
    }
}
