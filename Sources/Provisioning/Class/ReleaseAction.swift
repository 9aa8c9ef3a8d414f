/// What becomes of a volume's directory when its claim is gone (rules P1, R5–R7).
package enum ReleaseAction: String, Codable, Sendable, Hashable {
    /// Renamed to `archived-…` in the export's root.
    case archive
    /// Moved into the controller's trash and removed there.
    case delete
    /// Left where it is.
    case retain
}
