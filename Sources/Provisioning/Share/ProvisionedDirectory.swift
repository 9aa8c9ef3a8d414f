/// What became of a plan on its share.
package struct ProvisionedDirectory: Sendable, Hashable {
    /// The export's identity, for the volume to remember (S7: no other share is used).
    package let exportID: String
    package let fileID: UInt64
    package let origin: VolumeRecord.Origin
    /// The phase whose hooks are to run once the claim is bound.
    package let pendingHooks: HookPhase?
}
