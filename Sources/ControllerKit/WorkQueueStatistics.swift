/// What a ``WorkQueue`` has come to since it was made.
package struct WorkQueueStatistics: Hashable, Sendable {
    /// Keys in line.
    package var depth = 0
    /// Keys that were put in line; one that was in line already is not counted.
    package var adds = 0
    /// Failures that were counted.
    package var retries = 0

    package init(depth: Int = 0, adds: Int = 0, retries: Int = 0) {
        self.depth = depth
        self.adds = adds
        self.retries = retries
    }
}
