/// State machine of a claim's directory, from its first record to its last: pure, and the only place that decides which
/// step may follow which. `docs/how-it-works.md` shows the same table; a test compares the two.
package enum Lifecycle {
    /// Lifecycle state of a directory.
    package enum State: String, CaseIterable, Sendable {
        /// A record says that a volume's directory is about to be made; it may be there already.
        case making
        /// The directory is a volume's: made for it, found, or restored.
        case live
        /// The volume was released under `onDelete: delete`; hooks run, then the directory goes into the trash.
        case deleting
        /// The volume was released under `onDelete: retain`; the directory is the admin's.
        case retained
        /// Nothing of it is on the share, or nothing that the controller is responsible for.
        case gone
        /// The rename to an archive's name is about to happen, or happened unrecorded.
        case archiving = "intent"
        /// It has the archive's name; hooks still have to run.
        case renamed
        case archived
        /// It is about to become a volume's directory again, or became one unrecorded.
        case restoring
        /// It became a volume's directory again; only the archive's record is left.
        case restored
        /// It is being removed; what is left of it is in the trash.
        case purging
        /// It is removed; only the archive's record is left.
        case purged
        /// It was removed by hand: its directory id belongs to another directory now.
        case lost
    }

    package enum Event: String, CaseIterable, Sendable {
        case directoryMade, claimWithdrawn
        case releasedToArchive, releasedToDelete, releasedToRetain
        /// The volume is in use again, or its policy changed, before its directory was moved.
        case releaseCancelled
        case movedToArchive, archiveFinished
        case copyUnpacked
        case holdPlaced, holdReleased
        case restoreBegun, restoreFinished, restoreWithdrawn
        case copyRestored
        case purgeBegun, purgeFinished
        /// The directory is in its place again, whole: another purge had moved it into the trash and put it back.
        case purgeUndone
        case removalFinished
        /// The directory's id belongs to another directory.
        case foundLost
    }

    /// Action of an operation on the way from one state to the next; a transition lists its actions in order.
    package enum Effect: String, Sendable {
        case makeDirectory = "make the directory"
        case removeEmptyDirectory = "remove the directory if it is empty"
        case audit = "write an audit line"
        case record = "write the record"
        case forget = "remove the record"
        case hooksBefore = "run the hooks before"
        case hooksAfter = "run the hooks after"
        case askAgain = "check again everything the step depends on"
        case rename = "rename the directory"
        case verifyMoved = "check what was moved; put back another directory"
        case lookForHold = "check for a hold; put back a held archive"
        case removeTree = "remove the tree"
        case copyTree = "copy the tree"
        case writeHold = "write the hold"
        case removeHold = "remove the hold"
        case verifyPlace = "check for the directory; roll back the hold if it left"
    }

    /// A row of the table.
    package struct Transition: Sendable, Hashable {
        package let from: State
        package let event: Event
        package let to: State
        package let effects: [Effect]

        init(_ from: State, _ event: Event, _ to: State, _ effects: [Effect]) {
            self.from = from
            self.event = event
            self.to = to
            self.effects = effects
        }
    }

    /// Every possible transition.
    package static let table: [Transition] = [
        Transition(.making, .directoryMade, .live, [.makeDirectory, .audit, .record]),
        Transition(.making, .claimWithdrawn, .gone, [.removeEmptyDirectory, .audit, .forget]),
        Transition(.live, .claimWithdrawn, .gone, [.removeEmptyDirectory, .audit, .forget]),

        Transition(.live, .releasedToArchive, .archiving, [.record, .hooksBefore, .askAgain]),
        Transition(.live, .releasedToDelete, .deleting, [.record, .hooksBefore, .askAgain]),
        Transition(.live, .releasedToRetain, .retained, [.audit, .record]),
        Transition(.deleting, .releaseCancelled, .live, [.record]),
        Transition(.retained, .releaseCancelled, .live, [.record]),
        Transition(.archiving, .releaseCancelled, .gone, [.forget]),
        Transition(.deleting, .removalFinished, .gone, [.rename, .verifyMoved, .audit, .removeTree, .forget]),

        Transition(.archiving, .movedToArchive, .renamed, [.rename, .verifyMoved, .record]),
        Transition(.archiving, .archiveFinished, .archived, [.audit, .record]),
        Transition(.renamed, .archiveFinished, .archived, [.hooksAfter, .audit, .record]),
        Transition(.archiving, .copyUnpacked, .archived, [.rename, .audit, .record]),

        Transition(.archiving, .holdPlaced, .archiving, [.audit, .writeHold]),
        Transition(.renamed, .holdPlaced, .renamed, [.audit, .writeHold]),
        Transition(.archived, .holdPlaced, .archived, [.audit, .writeHold, .verifyPlace]),
        Transition(.archiving, .holdReleased, .archiving, [.audit, .removeHold]),
        Transition(.renamed, .holdReleased, .renamed, [.audit, .removeHold]),
        Transition(.archived, .holdReleased, .archived, [.audit, .removeHold]),

        Transition(.archived, .restoreBegun, .restoring, [.record]),
        Transition(.archived, .restoreFinished, .restored, [.askAgain, .rename, .lookForHold, .audit, .record]),
        Transition(.restoring, .restoreFinished, .restored, [.audit, .record]),
        Transition(.restoring, .restoreWithdrawn, .archived, [.rename, .record]),
        Transition(.restored, .restoreBegun, .restoring, [.record]),
        Transition(.restored, .restoreWithdrawn, .archived, [.rename, .record]),
        Transition(.archived, .copyRestored, .archived, [.copyTree, .askAgain, .audit, .rename]),

        Transition(
            .archived,
            .purgeBegun,
            .purging,
            [.hooksBefore, .askAgain, .rename, .verifyMoved, .lookForHold, .audit, .record]
        ),
        Transition(.purging, .purgeFinished, .purged, [.removeTree, .record]),
        Transition(.purging, .purgeUndone, .archived, [.record]),

        Transition(.archived, .foundLost, .lost, [.audit, .record]),
        Transition(.renamed, .foundLost, .lost, [.audit, .record]),
        Transition(.archiving, .foundLost, .lost, [.audit, .record]),
    ]

    private static let byStart: [State: [Event: Transition]] = Dictionary(grouping: table, by: \.from)
        .mapValues { Dictionary($0.map { ($0.event, $0) }, uniquingKeysWith: { first, _ in first }) }

    /// - Returns: nil if the state has no transition for the event.
    package static func transition(from state: State, on event: Event) -> Transition? {
        byStart[state]?[event]
    }
}
