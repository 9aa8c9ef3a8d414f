/// A mount option that cannot be honoured, and why.
package struct InvalidConnectionOption: Error, Hashable, Sendable, CustomStringConvertible {
    /// The option as it was written, `port=abc`.
    package let option: String
    package let reason: String

    package var description: String { "the NFS mount option “\(option)” cannot be used: \(reason)" }
}
