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

    /// Whether the archive may be purged, by its record alone.
    ///
    /// - Parameters:
    ///   - address: The share it is on, for the sentence.
    ///   - evenWithoutBackup: Allows also an archive that needs a backup and has none.
    /// - Throws: ``ShareError`` that says what keeps it.
    package func requirePurgeable(on address: ShareAddress, evenWithoutBackup: Bool) throws(ShareError) {
        let name = "archive \(id) on \(address)"
        if state != .purging { try requireAllowed(.purgeBegun) }
        guard state == .archived else { return }
        if let hold { throw ShareError("\(name) is held (\(hold.reason)): release the hold to purge it") }
        if lacksBackup, !evenWithoutBackup {
            throw ShareError(
                "\(name) needs a backup (\(AnnotationKey.backup): required) and has none; nothing was purged;"
                    + " make one by hand and use --without-backup, or keep the archive"
            )
        }
    }

    /// Whether a hold may be placed on the archive, or the one on it released, by its record alone.
    ///
    /// - Parameters:
    ///   - isPlaced: Whether it is to be held.
    ///   - address: The share it is on, for the sentence.
    /// - Throws: ``ShareError`` that says why not.
    package func requireHoldChange(isPlaced: Bool, on address: ShareAddress) throws(ShareError) {
        if isPlaced { return try requireAllowed(.holdPlaced) }
        guard hold != nil else { throw ShareError("archive \(id) on \(address) is not held") }
    }

    /// Whether a new claim can get the archive, by its record alone.
    ///
    /// - Parameters:
    ///   - mode: How.
    ///   - address: The share it is on, for the sentence.
    /// - Throws: ``ShareError`` that says why not, and what to do.
    package func requireRestorable(_ mode: RestoreRequest.Mode, on address: ShareAddress) throws(ShareError) {
        guard state == .archived else { throw ShareError("archive \(id) on \(address): \(hindrance)") }
        if mode == .move { try requireUnheld(on: address) }
    }

    /// Whether the archive's directory may become a volume's.
    ///
    /// - Throws: ``ShareError`` if it is held.
    func requireUnheld(on address: ShareAddress) throws(ShareError) {
        guard let hold else { return }
        throw ShareError(
            "the archive \(id) on \(address) is held (\(hold.reason)): restore a copy of it"
                + " (\(AnnotationKey.restoreMode): copy), or release the hold"
        )
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
        case .purged: "it was purged; if there is a copy of it, copy restore \(id) brings it back"
        case .lost: "its directory was removed by hand; if there is a copy of it, copy restore \(id) brings it back"
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
