import Kubernetes

extension ArchiveRecord {
    /// Takes the next step of the directory's life. Nothing else changes ``state``.
    ///
    /// - Throws: ``ShareError`` for a step that does not follow.
    mutating func advance(_ event: Lifecycle.Event) throws(ShareError) {
        state = try next(event)
    }

    /// Whether a step may be taken now.
    ///
    /// - Throws: ``ShareError`` that says what the archive is instead, and what to do.
    func requireAllowed(_ event: Lifecycle.Event) throws(ShareError) {
        _ = try next(event)
    }

    /// Why a step cannot be taken now, and what to do.
    var hindrance: String {
        let volume = restore.map { "volume \($0.volume)" } ?? "a volume"
        return switch state {
        case .intent, .renamed: "it is still being made; try again when it is done"
        case .archived: "it is an archive already"
        case .restoring: "it is being restored into \(volume); try again when that is done"
        case .restored: "it became \(volume) again; archive that volume instead"
        case .purging: "it is being purged; archive purge finishes that"
        case .purged: "it was purged; only a copy can restore it"
        case .lost: "its directory was removed by hand; only a copy can restore it"
        }
    }

    private func next(_ event: Lifecycle.Event) throws(ShareError) -> State {
        guard let transition = Lifecycle.transition(from: state.lifecycle, on: event),
            let next = State(transition.to)
        else { throw ShareError("archive \(id): \(hindrance)") }
        return next
    }
}

extension ArchiveRecord.State {
    var lifecycle: Lifecycle.State {
        switch self {
        case .intent: .archiving
        case .renamed: .renamed
        case .archived: .archived
        case .restoring: .restoring
        case .restored: .restored
        case .purging: .purging
        case .purged: .purged
        case .lost: .lost
        }
    }

    /// - Returns: nil for a state in which there is no record of an archive.
    init?(_ state: Lifecycle.State) {
        guard let archive = Self.allCases.first(where: { $0.lifecycle == state }) else { return nil }
        self = archive
    }
}
