/// The moment in a volume's life at which a hook runs.
package enum HookPhase: String, Codable, CaseIterable, Hashable, Sendable {
    /// The volume was made and its claim is bound.
    case afterProvision
    /// The volume was released; its directory is about to become an archive, and stays where it is if a hook fails.
    case beforeArchive
    /// The directory is an archive.
    case afterArchive
    /// The archive is about to be removed, and is kept if a hook fails.
    case beforePurge
    /// The archive is a volume again.
    case afterRestore
}
