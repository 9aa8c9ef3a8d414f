/// The server's time at one moment, and our time before and after it, in seconds since 1970.
package struct ClockObservation: Hashable, Sendable {
    package let before: Double
    package let server: Double
    package let after: Double

    package init(before: Double, server: Double, after: Double) {
        self.before = before
        self.server = server
        self.after = after
    }

    /// The least by which the server's clock is ahead of ours, in seconds; negative if it is behind. A difference that
    /// the round trip can explain counts as none.
    package var difference: Double {
        if server > after { return server - after }
        return min(server - before, 0)
    }
}
