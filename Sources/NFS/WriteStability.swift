/// How safe written bytes must be before the server answers (stable_how, RFC 1813 §3.3.7).
package enum WriteStability: Hashable, Sendable {
    /// They may be in the server's memory; ``Export/commit(_:)`` puts them on its disk.
    case unstable
    /// They are on the server's disk.
    case stable
}
