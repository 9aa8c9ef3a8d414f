import Logging
import ServiceLifecycle
import UnixSignals

extension ServiceGroup {
    /// A group that calls services by their types. Else it would describe them in the log, and with them the
    /// configuration, in which somebody may have written a secret.
    ///
    /// - Parameters:
    ///   - services: In the order of their start.
    ///   - gracefulShutdownSignals: What shuts them down.
    ///   - logger: For their life cycle, at debug.
    init(of services: [any Service], gracefulShutdownSignals: [UnixSignal] = [], logger: Logger) {
        let named = services.map { service in
            var configuration = ServiceGroupConfiguration.ServiceConfiguration(service: service)
            configuration.serviceName = "\(type(of: service))"
            return configuration
        }
        self.init(
            configuration: ServiceGroupConfiguration(
                services: named,
                gracefulShutdownSignals: gracefulShutdownSignals,
                logger: logger
            )
        )
    }
}
