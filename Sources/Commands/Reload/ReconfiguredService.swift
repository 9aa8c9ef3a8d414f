import Logging
import ServiceLifecycle

/// Services that depend on a part of the configuration. When that part changes, all of them are shut down gracefully,
/// and only then created again.
struct ReconfiguredService<Part: Equatable & Sendable>: Service {
    private enum Ending {
        case shutDown
        case changed(ControllerConfiguration)
    }

    private let first: ControllerConfiguration
    private let updates: AsyncStream<ControllerConfiguration>
    private let part: @Sendable (ControllerConfiguration) -> Part
    private let make: @Sendable (ControllerConfiguration) throws -> [any Service]
    private let logger: Logger

    /// - Parameters:
    ///   - first: The configuration at the start.
    ///   - updates: The configurations that follow.
    ///   - part: The part that the services depend on.
    ///   - logger: Logs their life cycle, at debug.
    ///   - make: Creates the services, in the order of their start; they are shut down in reverse.
    init(
        from first: ControllerConfiguration,
        updates: AsyncStream<ControllerConfiguration>,
        part: @escaping @Sendable (ControllerConfiguration) -> Part,
        logger: Logger,
        make: @escaping @Sendable (ControllerConfiguration) throws -> [any Service]
    ) {
        self.first = first
        self.updates = updates
        self.part = part
        self.logger = logger
        self.make = make
    }

    /// Runs until graceful shutdown or cancellation, or until one of the services fails.
    func run() async throws {
        var configuration = first
        while case .changed(let next) = try await run(configuration) {
            if Task.isShuttingDownGracefully { return }
            configuration = next
        }
    }

    private func run(_ configuration: ControllerConfiguration) async throws -> Ending {
        let services = try make(configuration)
        let group = ServiceGroup(of: services.isEmpty ? [Idle()] : services, logger: logger)
        return try await withThrowingTaskGroup(of: Ending.self) { tasks in
            tasks.addTask {
                try await group.run()
                return .shutDown
            }
            tasks.addTask {
                let old = part(configuration)
                for await new in updates where part(new) != old { return .changed(new) }
                return .shutDown
            }
            let ending = try await tasks.next() ?? .shutDown
            guard case .changed = ending else {
                tasks.cancelAll()
                return ending
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return ending
        }
    }
}

/// The service that runs if the configuration asks for none.
private struct Idle: Service {
    func run() async throws {
        try? await gracefulShutdown()
    }
}
