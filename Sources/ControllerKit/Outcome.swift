/// What came of working on a key.
package enum Outcome: Hashable, Sendable {
    /// Nothing is left to do until the key is added again.
    case done
    /// To be looked at again after this time.
    case requeue(after: Duration)
}
