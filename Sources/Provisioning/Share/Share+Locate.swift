import NFS

extension Share {
    /// The directory at a path and the one it lies in; nil if a component is not there.
    ///
    /// - Throws: ``ShareError`` when something else than a directory of this file system is in the way (rule S5).
    func locate(_ path: VolumePath, in folder: ControllerFolder) async throws -> (parent: FileHandle, node: Node)? {
        try await locate(path, below: folder.root)
    }

    /// Likewise, also on a share that has no folder of the controller's.
    func locate(_ path: VolumePath, below root: Node) async throws -> (parent: FileHandle, node: Node)? {
        var parent = root.handle
        var found: Node?
        for component in path.components {
            parent = found?.handle ?? parent
            guard let node = try await export.lookupIfPresent(component, in: parent) else { return nil }
            try require(node, below: root, component, of: path)
            found = node
        }
        return found.map { (parent, $0) }
    }

    /// - Throws: ``ShareError`` unless the node is a directory on the file system of the export's root (rules S5, R6).
    func require(_ node: Node, below root: Node, _ component: NFSName, of path: VolumePath) throws(ShareError) {
        guard node.attributes.type == .directory else {
            throw ShareError(
                "\(component) in \(path) on \(address) is a \(node.attributes.type), not a directory:"
                    + " move it away; it was not followed and nothing was touched"
            )
        }
        guard node.attributes.fsid == root.attributes.fsid else {
            throw ShareError(
                "\(component) in \(path) on \(address) lies on another file system than the export's root:"
                    + " give that file system an export and a class of its own"
            )
        }
    }
}
