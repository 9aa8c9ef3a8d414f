import Hummingbird
import Logging
import Prometheus
import Provisioning
import ServiceLifecycle

/// `/livez` and `/readyz` for kubelet's probes and `/metrics` for Prometheus, served by every replica.
struct HealthServer: Service {
    let address: SocketAddress
    let provisioning: ProvisioningService
    let registry: Registry
    let logger: Logger

    func run() async throws {
        let router = Router()
        router.get("livez") { _, _ in "ok\n" }
        router.get("readyz") { _, _ in
            let isReady = provisioning.cluster.isSynced
            return EditedResponse(
                status: isReady ? .ok : .serviceUnavailable,
                response: isReady ? "ok\n" : "the cluster's claims, volumes and classes are not known yet\n"
            )
        }
        router.get("metrics") { _, _ in
            EditedResponse(headers: [.contentType: Registry.contentType], response: registry.text())
        }
        var quietLogger = logger
        quietLogger.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                serverName: "sb-nfs-provisioner"
            ),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? address.port
                logger.info("probes are served", metadata: ["address": "\(address.host):\(port)"])
            },
            logger: quietLogger
        )
        try await application.run()
    }
}
