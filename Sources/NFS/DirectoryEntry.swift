/// One entry of a directory. Servers may leave out handle and attributes; a LOOKUP gets them.
package struct DirectoryEntry: Hashable, Sendable {
    package let name: NFSName
    package let fileid: UInt64
    package let handle: FileHandle?
    package let attributes: Attributes?

    /// The file, if the server left out neither.
    package var node: Node? {
        guard let handle, let attributes else { return nil }
        return Node(handle: handle, attributes: attributes)
    }
}
