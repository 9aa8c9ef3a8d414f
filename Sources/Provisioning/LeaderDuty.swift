/// Work on the shares besides claims and volumes, done by the process that leads and by no other.
package protocol LeaderDuty: Sendable {
    /// Runs until it is cancelled, which happens when the lease is lost or the process shuts down.
    ///
    /// What it fails at it reports itself: a failure must not cost the process its lead.
    ///
    /// - Parameters:
    ///   - shares: Refuse every change once the lease is lost.
    ///   - addresses: Those configured at the moment of the call.
    func run(on shares: Shares, addresses: @escaping @Sendable () -> [ShareAddress]) async
}
