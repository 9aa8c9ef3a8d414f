import NIOCore
import NIOPosix

/// Checks whether a valid configuration can take effect in a running process.
struct ReloadValidator {
    /// The settings that are fixed from the start of the process. They include those that decide who leads: two
    /// replicas whose files differ for a moment would both lead.
    static let fixed: [Setting] = [.httpAddress, .kubeconfig, .provisionerName, .enableLeaderElection]

    /// - Parameters:
    ///   - new: The configuration to put into effect.
    ///   - values: The values that it was made from.
    ///   - current: The configuration in effect.
    /// - Throws: ``ConfigurationError`` with the reasons against it.
    func check(
        _ new: ControllerConfiguration,
        from values: SettingValues,
        against current: ControllerConfiguration
    ) async throws(ConfigurationError) {
        let changed = Self.fixed.filter { new.effect(of: $0) != current.effect(of: $0) }
        guard changed.isEmpty else {
            throw ConfigurationError(changed.map { Self.problem($0, values.source(of: $0)) })
        }
        guard let reports = new.reports, reports != current.reports else { return }
        do throws(ServerCertificate.Unusable) {
            if let tls = reports.tls { try ServerCertificate.check(tls) }
        } catch {
            throw ConfigurationError(error.description)
        }
        // The current page stops before the new one starts, so its port may be in use now. Port 0 still tests the host.
        let isSamePort = reports.listen.port == current.reports?.listen.port
        let address = SocketAddress(host: reports.listen.host, port: isSamePort ? 0 : reports.listen.port)
        guard await !address.isFree else { return }
        throw ConfigurationError(
            "reports cannot be served on \(reports.listen): use an address of this host and a free port"
        )
    }

    private static func problem(_ setting: Setting, _ source: SettingSource) -> ConfigurationError.Problem {
        let subject =
            source == .standard ? "\(setting.fileKey), which is no longer set," : source.subject(setting)
        return ConfigurationError.Problem(
            sentence: "\(subject) cannot change while the program runs: restart it, or change the setting back",
            line: source.line
        )
    }
}

extension SocketAddress {
    /// Whether this process could listen there now.
    var isFree: Bool {
        get async {
            let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            guard let channel = try? await bootstrap.bind(host: host, port: port).get() else { return false }
            try? await channel.close()
            return true
        }
    }
}
