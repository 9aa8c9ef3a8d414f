extension VolumeRecord {
    /// Has the record name the claim that the volume is bound to, or was bound to last, which an admin may have chosen. What
    /// the former claim said, and every trace of its release, goes: it is about other data.
    ///
    /// - Parameters:
    ///   - claim: The volume's claim.
    ///   - notes: What that claim says, or said last; nil if it is not known.
    /// - Returns: Whether the record changed.
    mutating func follow(_ claim: ClaimReference, notes: ClaimNotes?) -> Bool {
        guard self.claim != claim else { return false }
        self.claim = claim
        self.notes = notes
        // Nobody said of the new claim's data that it needs no backup; its class may.
        if backup == BackupRequirement.none { backup = nil }
        dropRelease()
        return true
    }

    /// Forgets a release that did not happen, with what hooks made of it: their results are about data that may change again.
    ///
    /// - Returns: Whether the record changed.
    @discardableResult
    mutating func dropRelease() -> Bool {
        let kept = hooks?.filter { !$0.phase.isOfRelease }
        guard release != nil || kept != hooks else { return false }
        release = nil
        hooks = kept.flatMap { $0.isEmpty ? nil : $0 }
        return true
    }
}

extension HookPhase {
    /// Whether its hooks run because the volume was released.
    fileprivate var isOfRelease: Bool {
        switch self {
        case .beforeArchive, .afterArchive, .beforePurge: true
        case .afterProvision, .afterRestore: false
        }
    }
}
