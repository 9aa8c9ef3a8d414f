import Kubernetes

/// Content of a record's file.
package enum RecordEntry<Record: ShareRecord>: Sendable {
    case record(Record)
    /// A readable record in a file that is named for another.
    case misnamed(Record, name: String, reason: String)
    case unreadable(name: String, reason: String)
}

/// A record among all of its kind, with the time of its file.
struct ListedRecord<Record: ShareRecord>: Sendable {
    let entry: RecordEntry<Record>
    /// When the file was last written, by the server's clock; nil where the file could not be read.
    let writtenAt: Timestamp?
}
