/// An entry of a directory with the parts that a listing may omit.
struct TreeEntry: Hashable, Sendable {
    let name: NFSName
    let node: Node

    var attributes: Attributes { node.attributes }
    /// Whether other names may stand for the same file.
    var isHardLink: Bool { attributes.type != .directory && attributes.nlink > 1 }
}

/// A part of a directory's listing.
struct TreePage: Sendable {
    let entries: [TreeEntry]
    /// Where the next part starts; `nil` after the last.
    let next: DirectoryCursor?

    /// The empty page of a directory that is gone.
    static let end = TreePage(entries: [], next: nil)
}

extension Export {
    /// Reads one page of a directory's listing for a sum of sizes, and looks up what the server omitted. It skips
    /// entries that are gone or stale, and a whole directory that is: the sum is a momentary estimate, and the next one
    /// is complete again. A copy uses ``TreeSource/page(of:from:)``.
    func treePage(of directory: FileHandle, from cursor: DirectoryCursor) async throws(NFSError) -> TreePage {
        let page = try await unlessGone { () throws(NFSError) in try await readDirectory(directory, from: cursor) }
        guard let page else { return .end }
        var entries: [TreeEntry] = []
        for entry in page.entries {
            if let handle = entry.handle, let attributes = entry.attributes, attributes.type != .unknown {
                entries.append(TreeEntry(name: entry.name, node: Node(handle: handle, attributes: attributes)))
            } else if let node = try await unlessGone({ () throws(NFSError) in
                try await lookup(entry.name, in: directory)
            }) {
                entries.append(TreeEntry(name: entry.name, node: node))
            }
        }
        return TreePage(entries: entries, next: page.next)
    }

    /// Reads a part of a file; it is shorter only if the file ends there.
    func bytes(of file: FileHandle, _ range: Range<UInt64>) async throws(NFSError) -> [UInt8] {
        var bytes: [UInt8] = []
        while range.lowerBound + UInt64(bytes.count) < range.upperBound {
            let position = range.lowerBound + UInt64(bytes.count)
            let chunk = try await read(file, at: position, count: Int(range.upperBound - position))
            bytes += chunk.bytes
            if chunk.isLast { break }
        }
        return bytes
    }

    /// The result of a call, or `nil` if its subject is gone or stale, which are not distinguished.
    private func unlessGone<Value>(_ call: () async throws(NFSError) -> Value) async throws(NFSError) -> Value? {
        do {
            return try await call()
        } catch let error where error.isGone {
            return nil
        }
    }
}
