/// One entry of a directory. Servers may leave out handle and attributes; a LOOKUP gets them.
package struct DirectoryEntry: Hashable, Sendable {
    package let name: NFSName
    package let fileid: UInt64
    package let handle: FileHandle?
    package let attributes: Attributes?
}

/// One READDIRPLUS reply (RFC 1813 §3.3.17), without `.` and `..`.
package struct DirectoryPage: Hashable, Sendable {
    package let entries: [DirectoryEntry]
    /// Where the next page starts; `nil` after the last.
    package let next: DirectoryCursor?
}

/// A place in a directory's listing. It is good for that directory, and as long as the server remembers it.
package struct DirectoryCursor: Hashable, Sendable {
    package static let start = DirectoryCursor(cookie: 0, verifier: 0)

    let cookie: UInt64
    let verifier: UInt64
}
