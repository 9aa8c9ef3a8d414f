extension VolumeRecord {
    /// Follows the claim that the volume is bound to. What was recorded of the former claim's release, which did not
    /// happen or whose data was given away, does not count for this one's data.
    ///
    /// - Parameters:
    ///   - claim: The claim that is bound.
    ///   - notes: Its labels and annotations; nil where they are not known.
    /// - Returns: Whether the record changed.
    @discardableResult
    mutating func follow(_ claim: ClaimReference, notes: ClaimNotes?) -> Bool {
        guard self.claim?.uid != claim.uid else { return false }
        self.claim = claim
        self.notes = notes
        release = nil
        hooks = hooks?.filter { [.afterProvision, .afterRestore].contains($0.phase) }
        return true
    }
}
