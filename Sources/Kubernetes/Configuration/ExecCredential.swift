/// The input of a credential plugin, in `KUBERNETES_EXEC_INFO`, and its output (`ExecCredential`).
struct ExecCredential: Codable, Sendable {
    /// The input of the plugin.
    struct Spec: Codable, Sendable {
        struct Cluster: Codable, Sendable {
            var server: String
            var tlsServerName: String?
            var insecureSkipTLSVerify: Bool?
            var certificateAuthorityData: String?

            private enum CodingKeys: String, CodingKey {
                case server
                case tlsServerName = "tls-server-name"
                case insecureSkipTLSVerify = "insecure-skip-tls-verify"
                case certificateAuthorityData = "certificate-authority-data"
            }
        }

        var interactive: Bool?
        var cluster: Cluster?
    }

    /// The credentials.
    struct Status: Codable, Sendable {
        /// When they expire; `nil` if they are valid until the server answers 401.
        var expirationTimestamp: Timestamp?
        var token: String?
        var clientCertificateData: String?
        var clientKeyData: String?
    }

    var apiVersion: String
    var kind: String
    var spec: Spec?
    var status: Status?
}
