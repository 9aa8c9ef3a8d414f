import Foundation

extension KubeconfigFile {
    /// How to reach and to know an API server.
    struct Cluster: Decodable, Sendable {
        var server: String?
        var certificateAuthority: String?
        var certificateAuthorityData: String?
        var insecureSkipTLSVerify: Bool?
        var tlsServerName: String?
        var proxyURL: String?

        private enum CodingKeys: String, CodingKey {
            case server
            case certificateAuthority = "certificate-authority"
            case certificateAuthorityData = "certificate-authority-data"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case tlsServerName = "tls-server-name"
            case proxyURL = "proxy-url"
        }

        mutating func resolvePaths(in folder: URL) {
            certificateAuthority = certificateAuthority.map { absolute($0, in: folder) }
        }

        func configuration(
            named name: String,
            in kubeconfig: Kubeconfig
        ) throws(KubernetesError) -> ClusterConfiguration {
            if let proxyURL, !proxyURL.isEmpty {
                throw kubeconfig.error("cluster “\(name)” has a proxy-url, which is not supported; remove it")
            }
            guard let server, !server.isEmpty else {
                throw kubeconfig.error("cluster “\(name)” has no server; set it to https://host:port")
            }
            var configuration: ClusterConfiguration
            do {
                configuration = try ClusterConfiguration(server: server)
            } catch {
                throw kubeconfig.error("cluster “\(name)”: \(error.reason)")
            }
            configuration.certificateAuthority = try kubeconfig.textSource(
                data: certificateAuthorityData,
                file: certificateAuthority,
                field: "cluster “\(name)”: certificate-authority"
            )
            configuration.skipsTLSVerification = insecureSkipTLSVerify ?? false
            configuration.tlsServerName = tlsServerName.flatMap { $0.isEmpty ? nil : $0 }
            return configuration
        }
    }
}
