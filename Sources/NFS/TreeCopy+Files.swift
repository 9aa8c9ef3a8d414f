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
        var bytes: [UInt8] = []
        if entry.attributes.size > 0 {
            let whole = try await export.bytes(of: entry.node.handle, 0..<entry.attributes.size)
            guard let whole else { return try await vanished(file) }
            bytes = whole
            try await export.writeDurably(bytes, to: made.handle, entry.name)
        }
        try await export.settle(made.handle, to: entry.attributes, from: made.attributes)
        return .file(made, bytes: UInt64(bytes.count))
    }

    /// Copies one part of a file that is empty there; zeros need not be written.
    func copyPart(of large: CopyPlan.LargeFile, at offset: UInt64) async throws(NFSError) -> WrittenParts {
        let end = min(large.file.entry.attributes.size, offset + UInt64(Export.chunkSize))
        // If it is gone, or shorter by now, that is seen when the file is finished.
        let part = try await export.bytes(of: large.file.entry.node.handle, offset..<end) ?? []
        return try await export.writePart(part, to: large.destination.handle, at: offset)
    }

    /// Has the server put a file on its disk, and gives it its attributes if the source did not change meanwhile.
    func finish(_ large: CopyPlan.LargeFile, _ written: WrittenParts) async throws(NFSError) -> Outcome {
        let (entry, made) = (large.file.entry, large.destination)
        let mayTryAgain = large.file.tries + 1 < Self.triesAtMost
        let now = try await export.unlessGone { () throws(NFSError) in
            try await export.attributes(of: entry.node.handle)
        }
        guard let now else { return try await vanished(large.file) }
        if !now.isAlike(entry.attributes), mayTryAgain { return .again(now) }
        if !written.verifiers.isEmpty {
            // A server that restarted in between may have lost what it had not committed: its verifier tells.
            let verifiers = written.verifiers.union([try await export.commit(made.handle)])
            if verifiers.count > 1 {
                guard mayTryAgain else {
                    throw export.error(.serverFault, "write", "", "the server restarts again and again")
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
