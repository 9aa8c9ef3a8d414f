/// What the file of a record turned out to hold.
package enum RecordEntry<Record: ShareRecord>: Sendable {
    case record(Record)
    /// A record that can be read, in the file of another.
    case misnamed(Record, name: String, reason: String)
    case unreadable(name: String, reason: String)
}
