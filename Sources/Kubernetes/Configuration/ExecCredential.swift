/// What is said to a credential program, in `KUBERNETES_EXEC_INFO`, and what it answers (`ExecCredential`).
struct ExecCredential: Codable, Sendable {
    /// What the program is told.
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
        /// When they lapse; `nil` for when the server says 401.
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
