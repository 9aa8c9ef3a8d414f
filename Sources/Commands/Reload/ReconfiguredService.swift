import Logging
import ServiceLifecycle

/// Services that are made of a part of the configuration: when that part changes they are shut down gracefully, all of
/// them, and only then made anew.
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
    ///   - updates: Those that come after it.
    ///   - part: What the services go by.
    ///   - logger: For their life cycle, at debug.
    ///   - make: The services, in the order of their start; they are shut down in reverse.
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

/// What runs where the configuration asks for nothing.
private struct Idle: Service {
    func run() async throws {
        try? await gracefulShutdown()
    }
}
