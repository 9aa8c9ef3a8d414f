import Foundation

/// The API server to use, how to verify it, and the credentials.
package struct ClusterConfiguration: Hashable, Sendable {
    /// The base address, without a trailing `/`.
    package var server: String
    /// The default namespace.
    package var namespace: String?
    /// The authority that must have signed the server's certificate; `nil` for the authorities that the system trusts.
    package var certificateAuthority: TextSource?
    /// Whether to accept any certificate.
    package var skipsTLSVerification = false
    /// The name the server's certificate must be for; `nil` for the host in ``server``.
    package var tlsServerName: String?
    package var clientCertificate: ClientCertificate?
    package var credential: Credential = .anonymous

    /// - Throws: ``KubernetesError/Code/configuration`` if `server` is not an `http` or `https` address.
    package init(server: String) throws(KubernetesError) {
        let components = URLComponents(string: server)
        guard let components, let host = components.host, !host.isEmpty,
            ["http", "https"].contains(components.scheme?.lowercased() ?? ""),
            components.user == nil, components.query == nil, components.fragment == nil
        else {
            throw KubernetesError(
                code: .configuration,
                reason: "“\(server)” is not an API server's address; write it as https://host:port"
            )
        }
        self.server = String(server.reversed().drop(while: { $0 == "/" }).reversed())
    }

    /// Whether the connection uses TLS.
    var isSecure: Bool { server.lowercased().hasPrefix("https:") }

    /// Whether the server must prove who it is.
    var verifiesTLS: Bool { isSecure && !skipsTLSVerification }

    /// The base of request URLs: ``server`` with the host replaced by ``tlsServerName``, which a DNS override maps back
    /// to the host. An address is not named in a handshake (RFC 6066 §3), so it replaces nothing.
    var requestBase: String {
        guard let tlsServerName, !ServerName(tlsServerName).isAddress, var components = URLComponents(string: server)
        else { return server }
        components.host = tlsServerName
        return components.string ?? server
    }
}

extension ClusterConfiguration {
    /// Finds the cluster as kubectl does, inside or outside of a pod.
    ///
    /// A kubeconfig takes precedence: `kubeconfig`, then the paths in `KUBECONFIG`. Without one, it is the cluster that
    /// the pod runs in, then `~/.kube/config`.
    ///
    /// - Parameters:
    ///   - kubeconfig: The path of a kubeconfig, or several separated by colons as in `KUBECONFIG`, or `nil`.
    ///   - environment: The process' environment.
    /// - Returns: The cluster; nothing was sent to it yet.
    /// - Throws: ``KubernetesError/Code/configuration``, with what to do.
    package static func load(
        kubeconfig: String?,
        environment: [String: String]
    ) throws(KubernetesError) -> ClusterConfiguration {
        guard let configuration = try loadIfPresent(kubeconfig: kubeconfig, environment: environment) else {
            throw KubernetesError(
                code: .configuration,
                reason: "no cluster is configured: set KUBECONFIG to the path of a kubeconfig, or run in a pod"
            )
        }
        return configuration
    }

    /// Finds the cluster in the same way, if one is configured.
    ///
    /// - Parameters:
    ///   - kubeconfig: As for ``load(kubeconfig:environment:)``.
    ///   - environment: The process' environment.
    /// - Returns: nil where no cluster is configured at all.
    /// - Throws: ``KubernetesError/Code/configuration`` if the configured cluster cannot be used.
    package static func loadIfPresent(
        kubeconfig: String?,
        environment: [String: String]
    ) throws(KubernetesError) -> ClusterConfiguration? {
        let paths = (kubeconfig ?? environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
        if !paths.isEmpty {
            return try Kubeconfig.load(paths: paths).configuration()
        }
        if let inCluster = try inCluster(environment: environment) {
            return inCluster
        }
        let home = (environment["HOME"] ?? "/") + "/.kube/config"
        guard FileManager.default.fileExists(atPath: home) else { return nil }
        return try Kubeconfig.load(paths: [home]).configuration()
    }

    /// Finds the cluster the pod runs in.
    ///
    /// - Parameters:
    ///   - environment: The process' environment.
    ///   - folder: Where kubelet puts the service account's files.
    /// - Returns: `nil` outside of a pod.
    /// - Throws: ``KubernetesError/Code/configuration`` if the environment names an invalid address.
    static func inCluster(
        environment: [String: String],
        folder: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws(KubernetesError) -> ClusterConfiguration? {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else { return nil }
        var configuration = try ClusterConfiguration(
            server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        )
        configuration.certificateAuthority = .file(folder + "/ca.crt")
        configuration.credential = .token(.file(folder + "/token"))
        configuration.namespace = (try? TextSource.file(folder + "/namespace").read())
            .map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
        return configuration
    }
}

extension ClusterConfiguration {
    /// The subject that the token claims, such as `system:serviceaccount:storage:nfs`; only the API server can verify
    /// it. `nil` for tokens without one, and for other credentials.
    package var tokenSubject: String? {
        guard case .token(let source) = credential, let bytes = try? source.read() else { return nil }
        struct Claims: Decodable { var sub: String? }
        // A JSON web token (RFC 7519): the claims are its second part, in base64url without padding.
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ".")
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        return Data(base64Encoded: String(text)).flatMap { try? JSONDecoder().decode(Claims.self, from: $0) }?.sub
    }
}

/// The credential of a request, besides a client certificate.
package enum Credential: Hashable, Sendable {
    /// No credential: a client certificate identifies the user, or nothing does.
    case anonymous
    /// A bearer token; a file is read again every minute, because the cluster replaces it.
    case token(TextSource)
    /// A credential plugin.
    case exec(ExecPlugin)
}
