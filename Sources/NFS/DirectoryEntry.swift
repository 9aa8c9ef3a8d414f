/// One entry of a directory. Servers may leave out handle and attributes; a LOOKUP gets them.
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

    /// The file, if the server left out neither.
    package var node: Node? {
        guard let handle, let attributes else { return nil }
        return Node(handle: handle, attributes: attributes)
    }
}
