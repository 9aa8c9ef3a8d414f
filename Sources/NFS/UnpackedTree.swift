/// What ``Export/unpack(_:into:callsAtOnce:onProgress:)`` made.
package struct UnpackedTree: Hashable, Sendable {
    /// Those of the archive that are complete.
    package var directories = 0
    /// All but directories, hard links among them.
    package var files = 0
    /// Bytes of content.
    package var bytes: UInt64 = 0

    package init() {}
}
