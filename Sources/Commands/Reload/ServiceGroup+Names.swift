import Logging
import ServiceLifecycle
import UnixSignals

extension ServiceGroup {
    /// Creates a group that names services by their types. Otherwise it would describe them in the log, and with them
    /// the configuration, which may contain a secret.
    ///
    /// - Parameters:
    ///   - services: The services, in the order of their start.
    ///   - gracefulShutdownSignals: The signals that shut them down.
    ///   - logger: Logs their life cycle, at debug.
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
