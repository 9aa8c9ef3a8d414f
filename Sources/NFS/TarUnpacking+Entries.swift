extension TarUnpacking {
    /// Begins an entry, in its directory.
    mutating func begin(_ header: TarHeader, _ group: inout Group) async throws {
        let names = try header.names
        guard let name = names.last else {
            guard header.kind == .directory else { throw TarError(header.path, "only a directory can be the top") }
            finishing[levels[0].id]?.wanted = header.attributes
            return
        }
        try await enter(names.dropLast(), of: header, &group)
        // Two entries of one name come in their order.
        while running > 0, underWay.contains(names) { try await takeFinished(&group) }
        let level = levels[levels.count - 1]
        let place = TarPlace(names: names, name: name, parent: level.handle, directory: level.id)
        switch header.kind {
        case .directory: try await beginDirectory(header, place, &group)
        case .file: try await beginFile(header, place, &group)
        case .hardLink: try await link(header, place, &group)
        case .symbolicLink, .characterDevice, .blockDevice, .fifo:
            if header.kind == .symbolicLink { try header.requireTarget() }
            try await spawn(place, &group) { [maker] in
                try await maker.makeOther(header, name, in: place.parent)
                return .entry(place)
            }
        case .extended: break
        }
    }

    private mutating func beginDirectory(
        _ header: TarHeader,
        _ place: TarPlace,
        _ group: inout Group
    ) async throws {
        let node = try await place.locating {
            try await maker.makeDirectory(place.name, in: place.parent, header.attributes)
        }
        // One that was there and is being finished must not be so under the new one's eyes.
        if finishing.values.contains(where: { $0.node.handle == node.handle }) { try await drain(&group) }
        push(directories.open(place.name, in: place.directory), place.name, node, wanted: header.attributes)
    }

    private mutating func beginFile(_ header: TarHeader, _ place: TarPlace, _ group: inout Group) async throws {
        let wanted = header.attributes
        var large: TarFile.Large?
        if wanted.size > UInt64(Export.chunkSize) {
            let node = try await place.locating {
                try await maker.makeFile(place.name, in: place.parent, wanted)
            }
            large = TarFile.Large(id: parts.add(size: wanted.size), place: place, node: node, wanted: wanted)
            note(place)
        }
        file = TarFile(place, wanted, large)
        if wanted.size == 0 { try await add([], &group) }
    }

    mutating func add(_ bytes: ArraySlice<UInt8>, _ group: inout Group) async throws {
        guard var open = file else { return }
        file = nil
        open.add(bytes)
        while let chunk = open.nextChunk() {
            if let large = open.large {
                guard let offset = parts.next(of: large.id) else { break }
                try await spawn(large.place, &group) { [maker] in
                    .part(large, try await maker.write(chunk, to: large.node.handle, at: offset))
                }
            } else {
                let (place, wanted) = (open.place, open.wanted)
                try await spawn(place, &group) { [maker] in
                    try await maker.makeFile(place.name, in: place.parent, wanted, chunk)
                    return .entry(place, bytes: wanted.size)
                }
            }
        }
        if open.left > 0 { file = open }
    }

    private mutating func link(_ header: TarHeader, _ place: TarPlace, _ group: inout Group) async throws {
        let target = try header.targetNames
        // What is on its way there shows what it is only once it is made.
        while running > 0, target.indices.contains(where: { underWay.contains(Array(target[...$0])) }) {
            try await takeFinished(&group)
        }
        guard let last = target.last else { throw TarError(header.path, "it is a hard link to the top") }
        let ways = target.dropLast()
        let common = Self.common(ways, levels)
        let start = levels[common].handle
        try await spawn(place, &group) { [maker] in
            var directory = start
            for name in ways.dropFirst(common) {
                directory = try await maker.directory(name, in: directory, for: header).handle
            }
            try await maker.link(try await maker.export.lookup(last, in: directory), as: place.name, in: place.parent)
            return .entry(place)
        }
    }
}
