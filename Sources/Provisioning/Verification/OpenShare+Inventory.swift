import Kubernetes
import NFS

extension ShareConnection {
    /// Reads what the share holds and what its records say; changes nothing.
    ///
    /// - Parameter volumes: The paths of the cluster's volumes that may lie on the share, given its identity.
    /// - Returns: The inventory, with the places of those volumes.
    /// - Throws: `NFSError` if the share does not answer; ``ShareError`` or ``UnusedShare`` if it is not one of ours.
    package func inventory(volumes: (_ exportID: String) -> [VolumePath]) async throws -> ShareInventory {
        try await open { share in try await share.inventory(volumes: volumes) }
    }
}

extension OpenShare {
    func inventory(volumes: (_ exportID: String) -> [VolumePath]) async throws -> ShareInventory {
        var inventory = ShareInventory(
            exportID: folder.exportID,
            directories: [],
            volumes: try await records.all(of: VolumeRecord.self),
            archives: try await records.all(of: ArchiveRecord.self),
            places: [:],
            trash: [],
            staging: [],
            temporaries: try await temporaries()
        )
        for try await entry in export.entries(of: folder.trash) { inventory.trash.append(entry.name) }
        for try await entry in export.entries(of: folder.staging) { inventory.staging.append(entry.name) }
        var root: [NFSName: Node] = [:]
        for try await entry in export.entries(of: folder.root.handle) where entry.name != ControllerFolder.name {
            guard let node = try await node(of: entry, in: folder.root.handle) else { continue }
            root[entry.name] = node
            if node.attributes.type == .directory { inventory.directories.append(entry.name) }
        }
        let known = volumes(folder.exportID)
        let paths =
            inventory.volumes.compactMap { $0.readable?.volumePath }
            + inventory.archives.flatMap { $0.readable?.possiblePaths ?? [] } + known
        inventory.places = try await places(at: Set(paths), knowing: root)
        let explained = inventory.explained(by: known)
        for name in inventory.directories where !explained.contains(name) && !ShareInventory.isOfSystem(name) {
            guard let node = root[name] else { continue }
            inventory.unexplained[name] = try await contents(of: node)
        }
        return inventory
    }

    /// How many folders a directory without files may have.
    private static var foldersAtMost: Int { 100 }

    private func contents(of directory: Node) async throws -> ShareInventory.Contents {
        if try await ControllerFolder.marker(in: directory, on: export) != nil { return .export }
        var folders = [directory]
        var listed = 0
        var (hasManifest, hasCopy) = (false, false)
        while let folder = folders.popLast() {
            listed += 1
            guard listed <= Self.foldersAtMost else { return .files }
            for try await entry in export.entries(of: folder.handle) {
                guard let node = try await node(of: entry, in: folder.handle) else { continue }
                let (isManifest, isCopy) = (ArchiveCopy.isManifest(entry.name), ArchiveCopy.isCopy(entry.name))
                if node.attributes.type == .directory {
                    folders.append(node)
                } else if listed == 1, isManifest || isCopy {
                    (hasManifest, hasCopy) = (hasManifest || isManifest, hasCopy || isCopy)
                } else {
                    return .files
                }
            }
            if hasManifest || hasCopy { return hasManifest && hasCopy ? .copies : .files }
        }
        return .noFiles
    }

    private func node(of entry: DirectoryEntry, in directory: FileHandle) async throws -> Node? {
        if let node = entry.node { return node }
        return try await export.lookupIfPresent(entry.name, in: directory)
    }

    /// Files that writes of records leave behind when they are cut short.
    private func temporaries() async throws -> [String] {
        let own = try await export.lookup(ControllerFolder.name, in: folder.root.handle).handle
        var folders = [("", own), ("volumes/", folder.volumes), ("archives/", folder.archives)]
        if let usage = try await ledgerFolder() { folders.append(("usage/", usage)) }
        var paths: [String] = []
        for (prefix, directory) in folders {
            for try await entry in export.entries(of: directory) {
                let name = entry.name.description
                if name.hasPrefix(Export.temporaryPrefix) { paths.append(prefix + name) }
            }
        }
        return paths
    }

    /// Finds what is at paths, many at a time. Paths of one component need no call: `root` holds the root's listing.
    private func places(
        at paths: Set<VolumePath>,
        knowing root: [NFSName: Node]
    ) async throws -> [VolumePath: ShareInventory.Place] {
        try await withThrowingTaskGroup(of: (VolumePath, ShareInventory.Place).self) { group in
            var places: [VolumePath: ShareInventory.Place] = [:]
            var underWay = 0
            for path in paths {
                guard path.components.count > 1 else {
                    places[path] = try await place(root[path.basename], at: path)
                    continue
                }
                if underWay == RecordStore.readsUnderWay, let (path, place) = try await group.next() {
                    underWay -= 1
                    places[path] = place
                }
                underWay += 1
                group.addTask { (path, try await self.place(at: path)) }
            }
            for try await (path, place) in group { places[path] = place }
            return places
        }
    }

    private func place(at path: VolumePath) async throws -> ShareInventory.Place {
        do {
            guard let found = try await locate(path) else { return .absent }
            return .directory(fileID: found.node.attributes.fileid)
        } catch let error as ShareError {
            return .obstructed(reason: error.description)
        }
    }

    private func place(
        _ node: Node?,
        at path: VolumePath
    ) async throws -> ShareInventory.Place {
        guard let node else { return .absent }
        do {
            try await require(node, path.basename, of: path)
            return .directory(fileID: node.attributes.fileid)
        } catch let error as ShareError {
            return .obstructed(reason: error.description)
        }
    }
}
