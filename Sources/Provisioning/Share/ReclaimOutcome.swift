/// What became of a released volume's directory.
package enum ReclaimOutcome: Sendable, Hashable {
    /// It is now `name` in the export's root.
    case archived(name: String)
    case deleted
    /// Left where it is; the reason, where it is not what the class says.
    case retained(reason: String?)
    /// It was not there, on a share that is known to be the right one.
    case alreadyGone
}
