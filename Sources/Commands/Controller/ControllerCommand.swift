import ArgumentParser
import Foundation
import Kubernetes

struct ControllerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controller",
        abstract: "Serve claims and reclaim released volumes, until told to stop.",
        discussion: """
            Each flag is an environment variable too (--nfs-server: NFS_SERVER), and a line of the file that --config or \
            CONFIG_FILE names (nfsServer: nas1). A flag goes before the environment, the environment before the file. \
            The file alone has the sections retention, hooks, usage, reports and topology.

              sb-nfs-provisioner controller --nfs-server nas1 --nfs-path /srv/kubernetes
              sb-nfs-provisioner controller --config /etc/sb-nfs-provisioner/config.yaml

            Of several that run, one works: the holder of a Lease. SIGTERM and SIGINT end it once the work in hand is done, \
            within some 30 seconds. Exit codes: 0 told to stop; 2 unusable settings, a line each; 1 anything else.
            """
    )

    @OptionGroup var options: ControllerOptions

    func run() async throws {
        try await controllerRun().run()
    }

    private func controllerRun() throws -> ControllerRun {
        do {
            let source = ConfigurationSource(flags: options.values, config: options.config)
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
