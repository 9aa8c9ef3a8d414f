/// One READDIRPLUS reply (RFC 1813 §3.3.17), without `.` and `..`.
package struct DirectoryPage: Hashable, Sendable {
    package let entries: [DirectoryEntry]
    /// Where the next page starts; `nil` after the last.
    package let next: DirectoryCursor?

    package init(entries: [DirectoryEntry], next: DirectoryCursor?) {
        self.entries = entries
        self.next = next
    }
}
