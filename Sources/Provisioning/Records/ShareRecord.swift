/// A JSON file in the controller's folder on a share, one of its kind for each name.
package protocol ShareRecord: Codable, Sendable {
    static var folder: RecordFolder { get }
    /// The layout of the file; a greater one than this program knows is not read.
    var version: Int { get set }
    /// The file's name without `.json`.
    var recordName: String { get }
    /// The record without what other files say.
    var stored: Self { get }
}

extension ShareRecord {
    package var stored: Self { self }
}
