extension TreeCopy {
    /// Copies a regular file that fits into one call, or prepares one that is copied in parts.
    func copyRegular(_ file: CopyPlan.File, over found: Node?) async throws(NFSError) -> Outcome {
        let entry = file.entry
        if let found, found.attributes.isAlike(entry.attributes) { return try await keep(found, for: entry) }
        let made: Node
        if let found {
            made = found
            if found.attributes.size > 0 { try await export.set(AttributeChanges(size: 0), of: found.handle) }
        } else {
            let call = RPCCall.createFile(
                entry.name,
                in: file.directory.destination.handle,
                initial(entry, mode: 0o600)
            )
            made = try await make(call, file)
        }
        guard entry.attributes.size <= UInt64(Export.chunkSize) else { return .large(made) }
        if entry.attributes.size > 0 {
            switch try await bytes(of: file, 0..<entry.attributes.size) {
            case .value(let bytes) where UInt64(bytes.count) == entry.attributes.size:
                try await export.writeDurably(bytes, to: made.handle, entry.name)
            case .value:
                guard let now = try await source.find(entry.name, in: file.directory.source) else {
                    return try await vanished(file)
                }
                return try again(file, now)
            case .replaced(let now): return try again(file, now)
            case .gone: return try await vanished(file)
            }
        }
        try await export.settle(made.handle, to: entry.attributes, from: made.attributes)
        return .file(made, bytes: entry.attributes.size)
    }

    private func bytes(
        of file: CopyPlan.File,
        _ range: Range<UInt64>
    ) async throws(NFSError) -> TreeSource.Reading<[UInt8]> {
        try await source.read(file.entry, in: file.directory.source) { handle throws(NFSError) in
            try await export.bytes(of: handle, range)
        }
    }

    /// Schedules another copy of a file as it is now.
    ///
    /// - Throws: ``NFSError/Code/changed`` if it changed during every attempt.
    func again(_ file: CopyPlan.File, _ now: Node) throws(NFSError) -> Outcome {
        guard file.tries + 1 < Self.triesAtMost else { throw export.changed("\(file.entry.name)") }
        return .again(now)
    }

    /// Copies one part of a file into an empty range; a part that is all zeros is skipped.
    func copyPart(of large: CopyPlan.LargeFile, at offset: UInt64) async throws(NFSError) -> WrittenParts {
        let end = min(large.file.entry.attributes.size, offset + UInt64(Export.chunkSize))
        guard case .value(let part) = try await bytes(of: large.file, offset..<end),
            UInt64(part.count) == end - offset
        else {
            // What became of the file is checked once for all of its parts, when it is finished.
            return WrittenParts(isIncomplete: true)
        }
        return try await export.writePart(part, to: large.destination.handle, at: offset)
    }

    /// Commits a file to the server's disk, and sets its attributes if the source did not change meanwhile.
    func finish(_ large: CopyPlan.LargeFile, _ written: WrittenParts) async throws(NFSError) -> Outcome {
        let (entry, made) = (large.file.entry, large.destination)
        let mayTryAgain = large.file.tries + 1 < Self.triesAtMost
        if written.isIncomplete {
            // Look it up by name: the handle may keep answering for a file that was removed or replaced.
            guard let now = try await source.find(entry.name, in: large.file.directory.source) else {
                return try await vanished(large.file)
            }
            return try again(large.file, now)
        }
        let reading = try await source.read(entry, in: large.file.directory.source) { handle throws(NFSError) in
            Node(handle: handle, attributes: try await export.attributes(of: handle))
        }
        let now: Node
        switch reading {
        case .value(let node): now = node
        case .replaced(let node): return try again(large.file, node)
        case .gone: return try await vanished(large.file)
        }
        // On the last attempt, a file that keeps changing is accepted with the bytes that it had, all of which were
        // read.
        if !now.attributes.isAlike(entry.attributes), mayTryAgain { return .again(now) }
        if !written.verifiers.isEmpty {
            // A server that restarted in between may have lost uncommitted bytes: its verifier then differs.
            let verifiers = written.verifiers.union([try await export.commit(made.handle)])
            if verifiers.count > 1 {
                guard mayTryAgain else {
                    throw export.error(.serverFault, "write", "", "the server keeps restarting")
                }
                return .again(now)
            }
        }
        if written.end < entry.attributes.size {
            try await export.set(AttributeChanges(size: entry.attributes.size), of: made.handle)
        }
        try await export.settle(made.handle, to: entry.attributes, from: made.attributes)
        return .file(made)
    }
}
