import ArgumentParser
import Foundation
import Kubernetes

struct ControllerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controller",
        abstract: "Serve claims and reclaim released volumes, until told to stop."
    )

    @OptionGroup var options: ControllerOptions

    func run() async throws {
        try await controllerRun().run()
    }

    private func controllerRun() throws -> ControllerRun {
        do {
            let source = ConfigurationSource(flags: options.values, config: options.exports.config)
            let text = try source.path.map { path throws(ConfigurationError) in try ConfigurationFile.text(of: path) }
            let configuration = try ControllerConfiguration(try source.values(text))
            let cluster = try ClusterConfiguration.load(
                kubeconfig: configuration.kubeconfig,
                environment: source.environment
            )
            if let tls = configuration.reports?.tls { try ServerCertificate.check(tls) }
            return ControllerRun(configuration, source: source, text: text, cluster: cluster)
        } catch {
            throw ExitCode.unusableSettings.saying(error)
        }
    }
}
