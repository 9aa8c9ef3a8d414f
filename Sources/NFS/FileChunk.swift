/// One READ reply.
package struct FileChunk: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Whether the file ends here.
    package let isLast: Bool

    package init(bytes: [UInt8], isLast: Bool) {
        self.bytes = bytes
        self.isLast = isLast
    }
}
