import NFS
import Provisioning
import Synchronization

/// One attempt at a copy.
struct CopyRun {
    let hook: CopyHook
    let facts: HookFacts
    let names: CopyNames
    let folder: any CopyFolder

    /// The file's place, for messages.
    private var place: String { "\(hook.to)/\(names.folder)/\(names.archive)" }

    /// Makes the copy, unless the same hook has made it at the same event and it is unharmed.
    ///
    /// - Returns: How it ended.
    /// - Throws: The error that stopped it; only complete files then have their final names.
    func run(_ tar: TarSource) async throws -> HookAttempt {
        if let earlier = try await earlier() { return attempt("already copied to \(place)", earlier) }
        let tree = Mutex(TarredTree())
        let contents = try await replacing(names.archive) { file in
            let stream = try await tar { last in tree.withLock { $0 = last } }
            let contents = try await CopyStream.write(stream, to: file, hook.compression)
            if hook.verify { try await compare(file, with: contents) }
            // A manifest left by another hook or event would describe this file wrongly.
            try await folder.remove(names.manifest)
            return contents
        }
        let manifest = CopyManifest(facts, file: "\(names.archive)", contents)
        try await replacing(names.manifest) { file in
            try await file.write(HookFacts.json(manifest), at: 0)
            try await file.flush()
        }
        return attempt("copied to \(place)", contents, of: tree.withLock { $0 })
    }

    /// The contents that the same hook copied at the same event, if they can be read back.
    private func earlier() async throws -> CopyContents? {
        guard let manifest = try await folder.manifest(of: names.archive),
            let file = try await folder.open(names.archive), manifest.facts.idempotencyKey == facts.idempotencyKey,
            try await file.digest(bytes: manifest.contents.bytes) == manifest.contents.sha256
        else { return nil }
        return manifest.contents
    }

    /// Writes a file, then renames it over any file of that name; a failure leaves the old file as it was.
    private func replacing<Value>(_ name: NFSName, _ fill: (any CopyFile) async throws -> Value) async throws -> Value {
        do {
            let file = try await folder.create(names.temporary)
            let value = try await fill(file)
            try await file.rename(to: name)
            return value
        } catch {
            // A cancelled task sends no changes, so a new one removes the file. If that fails, the next attempt does
            // it.
            await Task { [folder, names] in try? await folder.remove(names.temporary) }.value
            throw error
        }
    }

    private func compare(_ file: any CopyFile, with contents: CopyContents) async throws {
        guard try await file.digest(bytes: contents.bytes) == contents.sha256 else {
            throw CopyError("\(place) does not read back as written; check the disk and the network")
        }
    }

    private func attempt(
        _ sentence: String,
        _ contents: CopyContents,
        of tree: TarredTree = TarredTree()
    ) -> HookAttempt {
        let notes = tree.notes.map { "; \($0)" }.joined()
        let message = "\(sentence) (\(contents.bytes) bytes, SHA-256 \(contents.sha256))\(notes)"
        var attempt = HookAttempt(.succeeded, message)
        attempt.bytes = contents.tarBytes
        return attempt
    }
}

extension TarredTree {
    /// What is missing from the tree's archive, for messages.
    var notes: [String] {
        func counted(_ count: Int, _ one: String, _ many: String, _ what: String) -> String? {
            count == 0 ? nil : "\(count) \(count == 1 ? one : many) \(what)"
        }
        return [
            counted(sockets, "socket", "sockets", "left out"),
            counted(vanished, "entry", "entries", "removed by another client during the copy"),
            counted(changed, "file", "files", "grew during the copy and may be truncated"),
        ].compactMap { $0 }
    }
}
