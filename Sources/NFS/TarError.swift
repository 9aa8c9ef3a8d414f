/// A tar archive that is not unpacked: one sentence.
package struct TarError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Something is wrong with one entry.
    init(_ path: [UInt8], _ reason: String) {
        description = "the archive's entry \(printable(path)) cannot be unpacked: \(reason)"
    }
}
