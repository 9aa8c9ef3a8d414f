import Kubernetes

/// The work of a leader went on though it had been told to stop. Another process may be leading by now, and the only sure
/// way to stop that work is to end the process.
package struct LeaderDidNotStop: Error, CustomStringConvertible {
    let lease: ObjectKey
    let limit: Duration

    package var description: String {
        "the work under lease \(lease) did not stop within \(limit) of being told to; end this process and start it anew"
    }
}
