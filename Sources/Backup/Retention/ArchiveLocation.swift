import Provisioning

/// An archive among those of all shares.
struct ArchiveLocation: Sendable, Hashable {
    let share: ShareAddress
    let id: String
}
