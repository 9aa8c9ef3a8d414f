/// Decision about a released volume's directory: a function of the plan, the volume's record, the other volumes on the
/// directory, and whether adopted directories are deleted.
///
/// - P5: the live class decides, then the record.
/// - R8: a directory that others use stays.
/// - S8: an adopted directory is never deleted.
/// - B2: required data is archived, not deleted.
/// - R13: in doubt, the data is kept.
struct ReleaseDecision {
    let action: ReleaseAction
    /// Why the action is not what the class or the record says; nil if it is.
    let exception: String?

    /// - Parameters:
    ///   - plan: The plan, with what the live class says.
    ///   - record: The volume's record; nil for a volume of another provisioner.
    ///   - otherVolumes: Other volumes on the directory or below it.
    ///   - deletesAdopted: Whether `delete` deletes a directory that was there before its volume.
    init(_ plan: ReclaimPlan, _ record: VolumeRecord?, otherVolumes: [String], deletesAdopted: Bool) {
        let wanted = plan.action ?? record?.releaseAction ?? .archive
        let backup = plan.backup(record)
        // An earlier run that began to delete knew what the claim said.
        let isUnseen = plan.isClaimUnseen && record?.release?.action != .delete
        let isAdopted = plan.isAdopted || record?.origin == .adopted
        (action, exception) =
            if !otherVolumes.isEmpty {
                (.retain, "volume \(otherVolumes.joined(separator: ", ")) is on it or below it")
            } else if wanted == .delete, backup == .required {
                (.archive, "a backup is required, so it is archived instead of deleted")
            } else if wanted == .delete, isUnseen {
                (.archive, ReclaimPlan.unseenDeletion)
            } else if wanted == .delete, isAdopted, !deletesAdopted {
                (.archive, "the directory was there before its volume, so it is archived instead of deleted")
            } else {
                (wanted, nil)
            }
    }
}
