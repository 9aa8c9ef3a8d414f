/// What a copy's file holds.
struct CopyContents: Codable, Hashable, Sendable {
    /// The file's size.
    var bytes: Int64
    /// Of the file's bytes: 64 hexadecimal digits.
    var sha256: String
    /// The size of the tar archive in it.
    var tarBytes: Int64
}
