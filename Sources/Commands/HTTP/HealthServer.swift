import Hummingbird
import Logging
import Prometheus
import Provisioning
import ServiceLifecycle

/// Serves `/livez` and `/readyz` for kubelet's probes and `/metrics` for Prometheus, on every replica. No answer waits
/// for a share or for the API server.
struct HealthServer: Service {
    let address: SocketAddress
    let cluster: ClusterView
    let exports: ExportHealth
    let registry: Registry
    let logger: Logger

    func run() async throws {
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
                logger.info("serving probes", metadata: ["address": "\(address.host):\(port)"])
            },
            logger: quietLogger
        )
        try await application.run()
    }

    private var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("livez") { request, _ in
            request.isVerbose ? "[+]ping ok\nlivez check passed\n" : "ok\n"
        }
        router.get("readyz") { request, _ in Self.answer(readiness, request) }
        for name in ["ping", "cluster", "exports"] {
            router.get("readyz/\(name)") { request, _ in Self.answer(readiness.only(name) ?? readiness, request) }
        }
        router.get("metrics") { _, _ in
            EditedResponse(headers: [.contentType: Registry.contentType], response: registry.text())
        }
        return router
    }

    private var readiness: Readiness {
        Readiness(isClusterKnown: cluster.isSynced && exports.areKnown, exports: exports.states())
    }

    private static func answer(_ readiness: Readiness, _ request: Request) -> EditedResponse<String> {
        EditedResponse(
            status: readiness.isReady ? .ok : .serviceUnavailable,
            response: readiness.text(isVerbose: request.isVerbose)
        )
    }
}

extension Request {
    /// Whether the query contains `verbose`, with any value.
    fileprivate var isVerbose: Bool { uri.queryParameters["verbose"] != nil }
}
