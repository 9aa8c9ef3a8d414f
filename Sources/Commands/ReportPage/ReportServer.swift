import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Kubernetes
import Logging
import NIOCore
import Reports
import ServiceLifecycle

/// Serves the web page with the reports, and the reports as JSON, to users whom the API server lets see them. Every
/// replica runs it.
struct ReportServer: Service {
    private static let mostConnections = 200

    private let settings: ReportServerSettings
    private let routes: ReportRoutes
    private let certificate: ServerCertificate?
    private let logger: Logger

    /// - Parameters:
    ///   - settings: The admin's settings.
    ///   - client: Asks the API server who a user is, and what they may see. It is a separate client, so that users
    ///     wait only for each other, and no claim waits for them.
    ///   - logger: Logs requests that fail.
    ///   - read: Reads the cluster and the shares; called every 15 seconds at most.
    /// - Throws: ``ServerCertificate/Unusable``.
    init(
        _ settings: ReportServerSettings,
        client: KubernetesClient,
        logger: Logger,
        read: @escaping @Sendable () async throws -> ReportReading
    ) throws(ServerCertificate.Unusable) {
        self.settings = settings
        self.logger = logger
        certificate = try settings.tls.map { tls throws(ServerCertificate.Unusable) in
            try ServerCertificate(tls, logger: logger)
        }
        routes = ReportRoutes(
            door: ReportAuthenticator(tokens: TokenReviewer(client: client), access: AccessReviewer(client: client)),
            cache: ReportCache(read: read),
            logger: logger
        )
    }

    func run() async throws {
        var quietLogger = logger
        quietLogger.logLevel = max(logger.logLevel, .error)
        let http = HTTPServerBuilder.http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60)))
        let application = Application(
            router: routes.router,
            server: try certificate.map { try .tls(http, tlsConfiguration: $0.tls) } ?? http,
            configuration: ApplicationConfiguration(
                address: .hostname(settings.listen.host, port: settings.listen.port),
                serverName: "sb-nfs-provisioner",
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)
            ),
            services: certificate.map { [$0] } ?? [],
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.listen.port
                let address = "\(certificate == nil ? "http" : "https")://\(settings.listen.host):\(port)"
                logger.info("serving reports", metadata: ["address": "\(address)"])
            },
            logger: quietLogger
        )
        try await application.run()
    }
}
