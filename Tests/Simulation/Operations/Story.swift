import Provisioning

/// The operations of a scenario, and the claims that they are for.
struct Story: Sendable {
    let kinds: [ShareOperation]
    let claims: [String]
    /// How many of them each actor does, one after the other.
    let counts: [Int]

    /// What came of each operation; nil for those of an actor that was killed.
    func outcomes(in history: History) -> [String?] {
        zip(counts, history.outcomes).flatMap { count, outcome -> [String?] in
            guard let outcome else { return Array(repeating: nil, count: count) }
            return outcome.split(separator: Self.separator, omittingEmptySubsequences: false).map(String.init)
        }
    }

    static let separator: Character = "\u{1}"

    /// Does what a restarted controller does: it repeats operations, and rolls back those that cannot succeed, because
    /// their claim is deleted in the end. An admin whose purge failed requests it again.
    func recover(in process: ControllerProcess, _ outcomes: [String?]) async {
        for (number, kind) in kinds.enumerated() where outcomes[number] != ShareOperation.done {
            // Nothing is made for a claim that is gone.
            guard kind.isRepeated, kind != .provision || !kinds.contains(.withdraw) else { continue }
            if kind == .copyRestore {
                try? await ShareOperation.resumeUnpacking(in: process)
                continue
            }
            let again = await kind.perform(in: process, claim: claims[number])
            guard again != ShareOperation.done else { continue }
            await withdraw(kind, claims[number], in: process)
        }
        // What the leader looks for now and then.
        _ = try? await process.share.putBackFromTrash(after: 0)
        // Retention runs again and again.
        for (number, kind) in kinds.enumerated() where kind == .retention && outcomes[number] != ShareOperation.done {
            _ = await kind.perform(in: process, claim: claims[number])
        }
        let isReleased = kinds.contains(.archive) || kinds.contains(.delete)
        _ = try? await process.share.finishAbandonedArchives { volume in
            isReleased || volume != Claims.volume(ShareScenario.bound)
        }
    }

    private func withdraw(_ kind: ShareOperation, _ claim: String, in process: ControllerProcess) async {
        let archive = ShareScenario.archive
        switch kind {
        case .restoreByMove:
            guard let plan = try? Claims.plan(claim, restoring: archive) else { return }
            try? await process.share.withdraw(plan)
        case .restoreByCopy:
            guard let plan = try? Claims.plan(claim, restoring: archive, copies: true) else { return }
            try? await process.share.withdraw(plan)
        default: return
        }
    }
}
