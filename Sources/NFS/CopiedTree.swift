/// What ``Export/copyTree(from:into:callsAtOnce:onProgress:)`` did.
package struct CopiedTree: Hashable, Sendable {
    /// Directories in the copy, the top one among them.
    package var directories = 0
    /// All but directories that were copied now, hard links among them.
    package var files = 0
    /// What was found complete from an earlier try.
    package var kept = 0
    /// Bytes read from the source now.
    package var bytes: UInt64 = 0

    package init() {}
}
