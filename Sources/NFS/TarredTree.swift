/// How much of a tree a ``TreeTar`` streamed.
package struct TarredTree: Hashable, Sendable {
    /// The top one is among them.
    package var directories = 0
    /// All else that is in the archive, hard links among them.
    package var files = 0
    /// Bytes of content.
    package var bytes: UInt64 = 0
    /// Files that grew while they were read: the archive has all bytes of the length that they had before.
    package var changed = 0
    /// Sockets, which an archive cannot hold and which are of no use without the program that made them.
    package var sockets = 0
    /// Entries that were listed and then removed by another client: a directory that answers no longer has
    /// their names.
    package var vanished = 0

    package init() {}
}
