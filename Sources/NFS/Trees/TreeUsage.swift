/// The result of ``Export/measureTree(_:callsAtOnce:onProgress:)``. A file with several names in the tree counts once.
package struct TreeUsage: Hashable, Sendable {
    /// Bytes on disk of files and directories, as du(1) adds them up.
    package var bytes: UInt64 = 0
    /// The lengths of the regular files, in bytes.
    package var size: UInt64 = 0
    /// All entries except directories: files, symbolic links, devices, sockets, FIFOs.
    package var files = 0
    /// Directories, including the top one.
    package var directories = 0
    /// Directories on another file system, which were not entered and are counted nowhere else.
    package var skipped = 0

    package init() {}
}

extension TreeUsage {
    mutating func add(_ attributes: Attributes) {
        bytes = bytes.addingClamped(attributes.used)
        if attributes.type == .directory {
            directories += 1
        } else {
            files += 1
        }
        if attributes.type == .regular { size = size.addingClamped(attributes.size) }
    }
}

extension UInt64 {
    /// Clamps the sum, because a server may report any number.
    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
