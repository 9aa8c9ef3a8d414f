import NFS

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
