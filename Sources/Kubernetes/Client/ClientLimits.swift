/// How much a ``KubernetesClient`` takes upon itself.
package struct ClientLimits: Hashable, Sendable {
    /// Requests on their way at one time; more wait their turn. Watches do not count.
    ///
    /// There is no limit per second: API servers share themselves out fairly and say 429 when they want less.
    package var requestsInFlight = 32
    /// For one try of a request, from the first byte sent to the last received.
    package var requestTimeout: Duration = .seconds(30)
    /// To connect, TLS included.
    package var connectTimeout: Duration = .seconds(10)
    /// Tries of a request the server answers by 429 or 5xx.
    package var attempts = 4
    /// The longest `Retry-After` that is waited for; a longer one goes to the caller.
    package var longestRetryAfter: Duration = .seconds(10)
    /// The longest a watch may last, in seconds. One that is silent for 10 s more is given up as dead.
    package var longestWatchSeconds = 600
    /// The largest answer that is read, in bytes.
    package var answerBytes = 64 << 20
    /// The largest event of a watch that is read, in bytes; etcd takes no object above 1.5 MiB by default.
    package var eventBytes = 8 << 20

    package init() {}
}
