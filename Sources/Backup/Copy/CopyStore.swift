import Kubernetes
import Logging
import NFS

/// A destination of copies, opened to see what is there. It changes nothing.
package struct CopyStore: Sendable {
    /// What is younger than this, in seconds, may be on its way.
    static let grace: Int64 = 3600
    /// Folders looked into at the same time.
    private static let foldersAtOnce = 16

    private let destination: CopyHook.Destination
    private let root: any CopyFolder
    private let export: Export?

    /// Opens a destination; to be closed.
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

    /// The copies that are there.
    ///
    /// - Parameter now: What ages are measured from.
    /// - Returns: By folder and name.
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
            return isYoung ? .unfinished : .broken("\(place) was left by a copy that was cut short: remove it")
        }
        guard item.hasManifest else {
            // It comes last.
            return isYoung ? .unfinished : .broken("\(place) has no manifest, so that nobody knows whether it is whole")
        }
        guard let manifest else { return .broken("the manifest \(place).json cannot be read") }
        guard manifest.isOf(item.file, in: folder) else {
            return .broken("the manifest \(place).json is that of another file")
        }
        guard item.hasFile else { return .broken("\(place) is gone, and its manifest is there") }
        return .complete
    }
}

extension CopyManifest {
    /// Whether it says of itself that it belongs there.
    fileprivate func isOf(_ file: NFSName, in folder: NFSName) -> Bool {
        guard let names = try? CopyNames(facts, CopyHook.Compression(of: file)) else { return false }
        return names.folder == folder && names.archive == file && self.file == "\(file)"
    }
}

/// What the names in a folder of copies say: which files belong together, and what is no copy's.
struct CopyFolderContents: Hashable, Sendable {
    /// The files of one copy.
    struct Item: Hashable, Sendable {
        /// What the copy's file is or would be called.
        let file: NFSName
        var hasFile = false
        var hasManifest = false
        /// Whether it is only a temporary file.
        var isTemporary = false
        /// Of the newest, in seconds since 1970.
        var modifiedAt: Int64 = 0
    }

    /// In the order of their names. Files that are called otherwise are none of ours.
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
