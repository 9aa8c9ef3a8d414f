/// Whether an archive's data is backed up, as far as hooks tell.
package enum BackupStatus: Hashable, Sendable {
    /// Every hook that ran at the archive has succeeded, and at least one did.
    case done
    /// The hook that failed last.
    case failed(HookResult)
    /// No hook has run.
    case missing
}

extension BackupStatus {
    init(of results: [HookResult]) {
        let ofArchive = results.filter(\.isOfArchive)
        if let failure = ofArchive.last(where: \.isFailure) {
            self = .failed(failure)
        } else {
            self = ofArchive.contains { $0.outcome == .succeeded } ? .done : .missing
        }
    }
}
