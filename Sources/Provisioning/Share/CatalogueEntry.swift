import Kubernetes

/// One thing in a share's catalogue of archives.
package enum CatalogueEntry: Sendable, Hashable {
    /// - Parameter writtenAt: When the record's file was last written, by the server's clock; nil: unknown.
    case archive(ArchiveRecord, writtenAt: Timestamp? = nil)
    /// A record that cannot be read, and why.
    case unreadable(name: String, reason: String)
    /// A directory named like an archive that no record speaks of: another provisioner's, or one whose record is lost
    /// (T5: archives without records are listed).
    case foreign(name: String)
}
