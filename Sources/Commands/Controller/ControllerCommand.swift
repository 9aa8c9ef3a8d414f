import ArgumentParser
import Foundation
import Kubernetes

struct ControllerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controller",
        abstract: "Serve claims and reclaim released volumes.",
        discussion: """
            Each flag is an environment variable too (--nfs-server: NFS_SERVER), and a line of the file that --config or \
            CONFIG_FILE names (nfsServer: nas1). A flag overrides the environment, which overrides the file. \
            Only the file has the sections retention, hooks, usage, reports and topology.

              sb-nfs-provisioner controller --nfs-server nas1 --nfs-path /srv/kubernetes
              sb-nfs-provisioner controller --config /etc/sb-nfs-provisioner/config.yaml

            If several run, only the holder of a Lease works. SIGTERM and SIGINT stop it after the work in progress, \
            within about 30 seconds. Exit codes: 0 stopped by a signal; 2 unusable settings, one line each; 1 any \
            other error.
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
