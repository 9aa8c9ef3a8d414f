import Kubernetes

/// A record among all of its kind, with the time of its file.
struct ListedRecord<Record: ShareRecord>: Sendable {
    let entry: RecordEntry<Record>
    /// When the file was last written, by the server's clock; nil where the file could not be read.
    let writtenAt: Timestamp?
}
