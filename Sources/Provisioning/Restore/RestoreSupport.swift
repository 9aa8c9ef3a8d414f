import NFS

/// What a restore needs of whoever asks for it.
package struct RestoreSupport: Sendable {
    /// Told now and then how much of a copy is there.
    var onProgress: @Sendable (CopiedTree) -> Void = { _ in }
    /// Whether nothing in the cluster waits for, or uses, a volume that was to be made of the archive before.
    var isAbandoned: @Sendable (_ volume: String, ClaimReference?) async throws -> Bool = { _, _ in false }
}
