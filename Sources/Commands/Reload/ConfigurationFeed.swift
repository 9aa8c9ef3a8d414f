import Synchronization

/// Passes each configuration that takes effect to everything that depends on it.
final class ConfigurationFeed: Sendable {
    private let listeners = Mutex<[AsyncStream<ControllerConfiguration>.Continuation]>([])

    /// The configurations from now on; a slow listener gets only the newest.
    func updates() -> AsyncStream<ControllerConfiguration> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ControllerConfiguration.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        listeners.withLock { $0.append(continuation) }
        return stream
    }

    func publish(_ configuration: ControllerConfiguration) {
        for listener in listeners.withLock({ $0 }) { listener.yield(configuration) }
    }
}
