import Kubernetes
import Logging
import NFS

/// A destination of copies, opened read-only to list them.
package struct CopyStore: Sendable {
    /// The age, in seconds, below which an incomplete copy may still be in progress.
    static let grace: Int64 = 3600
    /// The number of folders read at the same time.
    private static let foldersAtOnce = 16

    private let destination: CopyHook.Destination
    private let root: any CopyFolder
    private let export: Export?

    /// Opens a destination; the caller closes it.
    ///
    /// - Throws: One sentence, if it cannot be read.
    package init(_ destination: CopyHook.Destination, logger: Logger) async throws {
        self.destination = destination
        switch destination {
        case .folder(let path):
            export = nil
            root = try await LocalCopyFolder(at: path, mayWrite: { false })
        case .export(let address, let options):
            let export = Export(address: address, options: options, mayWrite: { false }, logger: logger)
            self.export = export
            do {
                root = try await NFSCopyFolder(rootOf: export)
            } catch {
                await export.close()
                throw error
            }
        }
    }

    package func close() async {
        await export?.close()
    }

    /// Lists the copies at the destination.
    ///
    /// - Parameter now: The present, from which ages are measured.
    /// - Returns: The copies in the order of folder and name.
    /// - Throws: One sentence, if the destination cannot be read.
    package func copies(now: Timestamp) async throws -> [StoredCopy] {
        let folders = try await root.entries().filter(\.isFolder).map(\.name)
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        return try await withThrowingTaskGroup(of: (Int, [StoredCopy]).self) { group in
            var copies: [Int: [StoredCopy]] = [:]
            for (index, folder) in folders.enumerated() {
                if index >= Self.foldersAtOnce, let (index, found) = try await group.next() { copies[index] = found }
                group.addTask { (index, try await self.copies(in: folder, now: now)) }
            }
            for try await (index, found) in group { copies[index] = found }
            return folders.indices.flatMap { copies[$0] ?? [] }
        }
    }

    private func copies(in name: NFSName, now: Timestamp) async throws -> [StoredCopy] {
        guard let folder = try await root.folder(name) else { return [] }
        var copies: [StoredCopy] = []
        for item in CopyFolderContents(try await folder.entries()).items {
            let manifest = item.hasManifest ? try await folder.manifest(of: item.file) : nil
            let place = "\(destination)/\(name)/\(item.file)"
            copies.append(
                StoredCopy(
                    place: place,
                    state: state(of: item, manifest, in: name, at: place, now),
                    folder: folder,
                    file: item.file,
                    manifest: manifest
                )
            )
        }
        return copies
    }

    private func state(
        of item: CopyFolderContents.Item,
        _ manifest: CopyManifest?,
        in folder: NFSName,
        at place: String,
        _ now: Timestamp
    ) -> StoredCopy.State {
        let isYoung = now.seconds - item.modifiedAt < Self.grace
        if item.isTemporary {
            return isYoung ? .unfinished : .broken("copy \(place): left by an interrupted copy; remove it")
        }
        guard item.hasManifest else {
            // The manifest is written last.
            return isYoung
                ? .unfinished
                : .broken("copy \(place): has no manifest and cannot be verified; remove it or copy again")
        }
        guard let manifest else { return .broken("copy \(place): its manifest \(place).json cannot be read") }
        guard manifest.isOf(item.file, in: folder) else {
            return .broken("copy \(place): its manifest \(place).json describes another file")
        }
        guard item.hasFile else { return .broken("copy \(place): missing, but its manifest exists") }
        return .complete
    }
}

extension CopyManifest {
    /// Whether the manifest describes this file in this folder.
    fileprivate func isOf(_ file: NFSName, in folder: NFSName) -> Bool {
        guard let names = try? CopyNames(facts, CopyHook.Compression(of: file)) else { return false }
        return names.folder == folder && names.archive == file && self.file == "\(file)"
    }
}

/// The copies in a folder, derived from the names of its files: which belong together, and which belong to no copy.
struct CopyFolderContents: Hashable, Sendable {
    /// The files of one copy.
    struct Item: Hashable, Sendable {
        /// The name that the copy's file has or would have.
        let file: NFSName
        var hasFile = false
        var hasManifest = false
        /// Whether it is only a temporary file.
        var isTemporary = false
        /// The modification time of the newest file, in seconds since 1970.
        var modifiedAt: Int64 = 0
    }

    /// The copies in the order of their names. Files with other names are ignored.
    let items: [Item]

    init(_ entries: [CopyFolderEntry]) {
        var items: [NFSName: Item] = [:]
        for entry in entries where !entry.isFolder {
            guard let (file, part) = Self.part(entry.name) else { continue }
            var item = items[file] ?? Item(file: file)
            item.modifiedAt = max(item.modifiedAt, entry.modifiedAt)
            item[keyPath: part] = true
            items[file] = item
        }
        self.items = items.values.sorted { $0.file.bytes.lexicographicallyPrecedes($1.file.bytes) }
    }

    private static func part(_ name: NFSName) -> (file: NFSName, WritableKeyPath<Item, Bool>)? {
        guard let text = name.string else { return nil }
        if text.hasPrefix(Export.temporaryPrefix) { return (name, \.isTemporary) }
        if text.hasSuffix(".tar") || text.hasSuffix(".tar.zst") { return (name, \.hasFile) }
        guard text.hasSuffix(".tar.json") || text.hasSuffix(".tar.zst.json"),
            let file = try? NFSName(String(text.dropLast(".json".count)))
        else { return nil }
        return (file, \.hasManifest)
    }
}
