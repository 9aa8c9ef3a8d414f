import Kubernetes

/// How much one volume or archive held at one time.
package struct UsageSample: Codable, Sendable, Hashable {
    package var at: Timestamp
    /// What the server's disk holds of it, in bytes.
    package var usedBytes: UInt64
    /// How long its files are, in bytes: more than is used where files have holes.
    package var lengthBytes: UInt64
    /// All but directories.
    package var files: UInt64
    package var directories: UInt64

    package init(at: Timestamp, usedBytes: UInt64, lengthBytes: UInt64, files: UInt64, directories: UInt64) {
        self.at = at
        self.usedBytes = usedBytes
        self.lengthBytes = lengthBytes
        self.files = files
        self.directories = directories
    }
}
