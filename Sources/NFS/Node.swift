/// A file or directory as one reply showed it.
package struct Node: Hashable, Sendable {
    package let handle: FileHandle
    package let attributes: Attributes
}
