/// The server's time of one moment, and ours around it: seconds since 1970.
package struct ClockObservation: Hashable, Sendable {
    package let before: Double
    package let server: Double
    package let after: Double

    package init(before: Double, server: Double, after: Double) {
        self.before = before
        self.server = server
        self.after = after
    }

    /// How far the server's clock is ahead of ours at the least, in seconds; negative where it is behind. What may be the
    /// time that the question took counts as no difference.
    package var difference: Double {
        if server > after { return server - after }
        return min(server - before, 0)
    }
}
