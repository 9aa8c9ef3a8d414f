import NFS

/// Directory of a volume or an archive that can be measured.
package struct MeasurableTree: Sendable, Hashable {
    package enum Kind: String, Codable, Sendable {
        case volume, archive
    }

    package var kind: Kind
    /// The volume's name, or the archive's id.
    package var name: String
    package var path: VolumePath
}

extension ShareVerification {
    /// The directories that are in the place of a volume or an archive, by kind and name.
    package var trees: [MeasurableTree] {
        var paths: [MeasurableTree.Kind: [String: VolumePath]] = [:]
        for volume in cluster?.volumes ?? [] where volume.isOurs {
            paths[.volume, default: [:]][volume.name] = volume.path
        }
        for record in volumeRecords.values where !hasLeft(record) {
            paths[.volume, default: [:]][record.volume] = record.volumePath
        }
        // While an archive is being made or restored, its directory may still be, or be again, that of a volume.
        let volumes = Set(paths[.volume]?.values.map(\.self) ?? [])
        for archive in archiveRecords.values where archive.isOnShare {
            let path = archive.possiblePaths.first { isDirectory($0) }
            paths[.archive, default: [:]][archive.id] = path.flatMap { volumes.contains($0) ? nil : $0 }
        }
        return [MeasurableTree.Kind.archive, .volume].flatMap { kind in
            (paths[kind] ?? [:]).filter { isDirectory($0.value) }.sorted { $0.key < $1.key }
                .map { MeasurableTree(kind: kind, name: $0.key, path: $0.value) }
        }
    }

    private func isDirectory(_ path: VolumePath) -> Bool {
        if case .directory = inventory.places[path] { true } else { false }
    }
}

extension ShareConnection {
    /// Measures how much a directory tree uses.
    ///
    /// - Parameters:
    ///   - path: The directory.
    ///   - onProgress: Receives what was found so far, a few times a second.
    /// - Returns: nil if the directory does not exist.
    /// - Throws: `NFSError` if a directory cannot be read; ``ShareError`` if something else is in the way.
    package func usage(
        of path: VolumePath,
        onProgress: @escaping @Sendable (TreeUsage) -> Void
    ) async throws -> TreeUsage? {
        try await open { share in try await share.usage(of: path, onProgress: onProgress) }
    }
}

extension OpenShare {
    func usage(
        of path: VolumePath,
        onProgress: @escaping @Sendable (TreeUsage) -> Void
    ) async throws -> TreeUsage? {
        guard let found = try await locate(path) else { return nil }
        return try await export.measureTree(found.node.handle, onProgress: onProgress)
    }
}
