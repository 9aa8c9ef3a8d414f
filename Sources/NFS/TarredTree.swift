/// How much of a tree a ``TreeTar`` streamed.
package struct TarredTree: Hashable, Sendable {
    /// The top one is among them.
    package var directories = 0
    /// All else that is in the archive, hard links among them.
    package var files = 0
    /// Bytes of content.
    package var bytes: UInt64 = 0
    /// Files that changed while they were read: what was missing of the length that the archive says was made up with
    /// zeros, what was more was left out.
    package var changed = 0
    /// What an archive cannot hold: sockets, and directories on another file system.
    package var skipped = 0

    package init() {}
}
