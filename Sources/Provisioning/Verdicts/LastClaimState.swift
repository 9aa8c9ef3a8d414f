/// What is known of the last state of a released volume's claim, whose annotations say how its data is to be kept.
package enum LastClaimState: Sendable, Hashable {
    /// The watch reported the deletion, with the claim's last labels and annotations.
    case seen(ClaimNotes)
    /// The claim was deleted while no controller watched: what the volume carries of it may be outdated.
    case unseen
    /// What the volume carries counts; no more is expected.
    case carried
}
