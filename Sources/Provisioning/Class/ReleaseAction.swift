/// What becomes of a volume's directory when its claim is gone, in the words of the class parameter `onDelete`.
package enum ReleaseAction: String, Codable, Sendable, Hashable {
    /// R5: renamed to `archived-…` in the export's root.
    case archive
    /// R6: moved into the controller's trash and removed there.
    case delete
    /// R7: left where it is.
    case retain
}
