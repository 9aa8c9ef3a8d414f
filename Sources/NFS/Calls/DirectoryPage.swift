/// One READDIRPLUS or READDIR reply (RFC 1813 §3.3.17, §3.3.16), without `.` and `..`.
package struct DirectoryPage: Hashable, Sendable {
    package let entries: [DirectoryEntry]
    /// Where the next page starts; `nil` after the last.
    package let next: DirectoryCursor?

    package init(entries: [DirectoryEntry], next: DirectoryCursor?) {
        self.entries = entries
        self.next = next
    }
}

/// A position in a directory's listing. It is valid for that directory only, and only while the server remembers it.
package struct DirectoryCursor: Hashable, Sendable {
    package static let start = DirectoryCursor(cookie: 0, verifier: 0)

    package let cookie: UInt64
    package let verifier: UInt64
    /// Whether READDIR gave it; READDIRPLUS need not take it then, nor the other way round.
    let isOfNames: Bool

    package init(cookie: UInt64, verifier: UInt64, isOfNames: Bool = false) {
        self.cookie = cookie
        self.verifier = verifier
        self.isOfNames = isOfNames
    }
}

/// One entry of a directory. Servers may omit the handle and the attributes; a LOOKUP returns them.
package struct DirectoryEntry: Hashable, Sendable {
    package let name: NFSName
    package let fileid: UInt64
    package let handle: FileHandle?
    package let attributes: Attributes?

    package init(name: NFSName, fileid: UInt64, handle: FileHandle?, attributes: Attributes?) {
        self.name = name
        self.fileid = fileid
        self.handle = handle
        self.attributes = attributes
    }

    func completed(with node: Node) -> DirectoryEntry {
        DirectoryEntry(name: name, fileid: fileid, handle: node.handle, attributes: node.attributes)
    }

    /// The file; `nil` if the server omitted its handle or its attributes.
    package var node: Node? {
        guard let handle, let attributes else { return nil }
        return Node(handle: handle, attributes: attributes)
    }
}
