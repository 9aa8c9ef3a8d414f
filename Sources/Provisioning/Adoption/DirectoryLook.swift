/// What a look at a volume's directory found, for a forecast: nothing was touched.
package enum DirectoryLook: Sendable, Hashable {
    /// - Parameters:
    ///   - fileID: Its identity.
    ///   - archiveNameIsTaken: Whether something else has the name that its archive would have.
    case there(fileID: UInt64, archiveNameIsTaken: Bool)
    case missing
    /// The share did not answer, or something else is in the way; one sentence.
    case failed(reason: String)
}
