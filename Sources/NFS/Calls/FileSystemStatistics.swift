/// Space on the export's file system (FSSTAT, RFC 1813 §3.3.18), in bytes and in files.
package struct FileSystemStatistics: Hashable, Sendable {
    package let totalBytes: UInt64
    package let freeBytes: UInt64
    /// Free bytes available to this client's user.
    package let availableBytes: UInt64
    package let totalFiles: UInt64
    package let freeFiles: UInt64
    package let availableFiles: UInt64

    package init(
        totalBytes: UInt64,
        freeBytes: UInt64,
        availableBytes: UInt64,
        totalFiles: UInt64,
        freeFiles: UInt64,
        availableFiles: UInt64
    ) {
        self.totalBytes = totalBytes
        self.freeBytes = freeBytes
        self.availableBytes = availableBytes
        self.totalFiles = totalFiles
        self.freeFiles = freeFiles
        self.availableFiles = availableFiles
    }
}
