import Foundation
import Yams

/// One kubeconfig file as written.
struct KubeconfigFile: Decodable, Sendable {
    struct NamedContext: Decodable, Sendable {
        var name: String
        var context: Context?
    }

    struct NamedCluster: Decodable, Sendable {
        var name: String
        var cluster: Cluster?
    }

    struct NamedUser: Decodable, Sendable {
        var name: String
        var user: User?
    }

    struct Context: Decodable, Sendable {
        var cluster: String?
        var user: String?
        var namespace: String?
    }

    var apiVersion: String?
    var kind: String?
    var currentContext: String?
    var contexts: [NamedContext]?
    var clusters: [NamedCluster]?
    var users: [NamedUser]?

    private enum CodingKeys: String, CodingKey {
        case currentContext = "current-context"
        case apiVersion, kind, contexts, clusters, users
    }

    /// Reads a file; resolves paths in it relative to its folder.
    static func read(_ path: String) throws(KubernetesError) -> KubeconfigFile {
        let bytes: [UInt8]
        do {
            bytes = try TextSource.file(path).read()
        } catch {
            throw KubernetesError(code: .configuration, reason: "kubeconfig: \(error.reason)")
        }
        var file: KubeconfigFile
        do {
            // As kubectl does: without a byte order mark, and of several documents the first.
            let text = String(
                decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...],
                as: UTF8.self
            )
            let first = try Parser(yaml: text).nextRoot()
            file = try first.map { try YAMLDecoder().decode(from: $0.withBinaryDecoded) } ?? KubeconfigFile()
        } catch {
            throw KubernetesError(
                code: .configuration,
                reason: "kubeconfig \(path) cannot be read: \(yamlReason(error)); check it with “kubectl config view”"
            )
        }
        guard ["", "Config"].contains(file.kind ?? ""), ["", "v1"].contains(file.apiVersion ?? "") else {
            throw KubernetesError(
                code: .configuration,
                reason: "\(path) is not a kubeconfig: its kind is \(file.kind ?? "missing") and its apiVersion"
                    + " \(file.apiVersion ?? "missing"), not Config and v1"
            )
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        for index in (file.clusters ?? []).indices { file.clusters?[index].cluster?.resolvePaths(in: folder) }
        for index in (file.users ?? []).indices { file.users?[index].user?.resolvePaths(in: folder) }
        return file
    }

    /// `path`, resolved against `folder` if it is relative.
    static func absolute(_ path: String, in folder: URL) -> String {
        path.isEmpty || path.hasPrefix("/") ? path : folder.appendingPathComponent(path).standardizedFileURL.path
    }

    /// Describes a YAML error without quoting the file, which may contain secrets.
    private static func yamlReason(_ error: any Error) -> String {
        switch error {
        case DecodingError.dataCorrupted(let context):
            (context.underlyingError as? YamlError).map(yamlReason) ?? "it is not YAML"
        case let error as YamlError:
            yamlReason(error)
        default:
            decodingReason(error)
        }
    }

    private static func yamlReason(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping:
            "a key appears twice"
        default:
            "it is not YAML"
        }
    }
}

extension KubeconfigFile {
    /// How to reach and verify an API server.
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
            if insecureSkipTLSVerify == true,
                [certificateAuthority, certificateAuthorityData].contains(where: \.isGiven)
            {
                throw kubeconfig.error(
                    "cluster “\(name)” has a certificate authority and insecure-skip-tls-verify; remove one of them"
                )
            }
            configuration.certificateAuthority = try kubeconfig.textSource(
                data: certificateAuthorityData,
                file: certificateAuthority,
                field: "cluster “\(name)”: certificate-authority"
            )
            configuration.skipsTLSVerification = insecureSkipTLSVerify ?? false
            // The name of a host may end in a dot, the name in a handshake may not (RFC 6066 §3).
            let name = tlsServerName.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
            configuration.tlsServerName = name.isGiven ? name : nil
            return configuration
        }
    }
}

extension KubeconfigFile {
    /// A user and its credentials.
    struct User: Decodable, Sendable {
        var token: String?
        var tokenFile: String?
        var clientCertificate: String?
        var clientCertificateData: String?
        var clientKey: String?
        var clientKeyData: String?
        var username: String?
        var impersonated: String?
        var impersonatedUID: String?
        var impersonatedGroups: [String]?
        var impersonatedExtra: [String: [String]]?
        var authProvider: AuthProvider?
        var exec: Exec?

        private enum CodingKeys: String, CodingKey {
            case token, tokenFile, username, exec
            case clientCertificate = "client-certificate"
            case clientCertificateData = "client-certificate-data"
            case clientKey = "client-key"
            case clientKeyData = "client-key-data"
            case impersonated = "as"
            case impersonatedUID = "as-uid"
            case impersonatedGroups = "as-groups"
            case impersonatedExtra = "as-user-extra"
            case authProvider = "auth-provider"
        }

        struct AuthProvider: Decodable, Sendable {
            var name: String?
        }

        struct Exec: Decodable, Sendable {
            struct Variable: Decodable, Sendable {
                var name: String
                var value: String?
            }

            var apiVersion: String?
            var command: String
            var args: [String]?
            var env: [Variable]?
            var installHint: String?
            var interactiveMode: String?
            var provideClusterInfo: Bool?
        }

        mutating func resolvePaths(in folder: URL) {
            tokenFile = tokenFile.map { absolute($0, in: folder) }
            clientCertificate = clientCertificate.map { absolute($0, in: folder) }
            clientKey = clientKey.map { absolute($0, in: folder) }
            // A command without a slash is looked up in PATH.
            if let command = exec?.command, command.contains("/") { exec?.command = absolute(command, in: folder) }
        }

        /// Applies this user's credentials to a configuration.
        func identify(
            _ configuration: inout ClusterConfiguration,
            named name: String,
            in kubeconfig: Kubeconfig
        ) throws(KubernetesError) {
            try refuseUnsupported(named: name, in: kubeconfig)
            configuration.clientCertificate = try certificate(named: name, in: kubeconfig)
            if let token = try tokenSource(named: name, in: kubeconfig) {
                configuration.credential = .token(token)
            } else if let exec {
                configuration.credential = .exec(try exec.plugin(named: name, in: kubeconfig))
            }
        }

        /// As in client-go, a file takes precedence over a token; the token is used if the file does not exist.
        private func tokenSource(named name: String, in kubeconfig: Kubeconfig) throws(KubernetesError) -> TextSource? {
            if let token, !token.isEmpty, !FileManager.default.fileExists(atPath: tokenFile ?? "") {
                return .bytes(Array(token.utf8))
            }
            return try kubeconfig.textSource(file: tokenFile, field: "user “\(name)”: tokenFile")
        }

        private func refuseUnsupported(named name: String, in kubeconfig: Kubeconfig) throws(KubernetesError) {
            if let username, !username.isEmpty {
                throw kubeconfig.error(
                    "user “\(name)” has a username, but servers no longer take passwords; use a token or certificate"
                )
            }
            if let authProvider {
                throw kubeconfig.error(
                    "user “\(name)” uses auth-provider “\(authProvider.name ?? "")”, which Kubernetes dropped; use exec"
                )
            }
            if let impersonated, !impersonated.isEmpty {
                throw kubeconfig.error("user “\(name)” impersonates “\(impersonated)”, which is not supported")
            }
            // Ignored, they would leave the user with more rights than was asked for.
            let isEmpty =
                impersonatedUID?.isEmpty ?? true && impersonatedGroups?.isEmpty ?? true
                && impersonatedExtra?.isEmpty ?? true
            guard isEmpty else {
                throw kubeconfig.error("user “\(name)” has as-uid, as-groups or as-user-extra without as; remove them")
            }
        }

        private func certificate(
            named name: String,
            in kubeconfig: Kubeconfig
        ) throws(KubernetesError) -> ClientCertificate? {
            let chain = try kubeconfig.textSource(
                data: clientCertificateData,
                file: clientCertificate,
                field: "user “\(name)”: client-certificate"
            )
            let key = try kubeconfig.textSource(
                data: clientKeyData,
                file: clientKey,
                field: "user “\(name)”: client-key"
            )
            switch (chain, key) {
            case (let chain?, let key?): return ClientCertificate(chain: chain, key: key)
            case (nil, nil): return nil
            case (_?, nil): throw kubeconfig.error("user “\(name)” has a client-certificate but no client-key")
            case (nil, _?): throw kubeconfig.error("user “\(name)” has a client-key but no client-certificate")
            }
        }
    }
}

extension KubeconfigFile.User.Exec {
    fileprivate func plugin(named name: String, in kubeconfig: Kubeconfig) throws(KubernetesError) -> ExecPlugin {
        guard let version = ExecPlugin.Version(rawValue: apiVersion ?? "") else {
            throw kubeconfig.error(
                "user “\(name)”: exec has apiVersion “\(apiVersion ?? "")”; it must be client.authentication.k8s.io/v1 or v1beta1"
            )
        }
        guard interactiveMode != "Always" else {
            throw kubeconfig.error("user “\(name)”: exec “\(command)” wants a terminal (interactiveMode: Always)")
        }
        var plugin = ExecPlugin(version: version, command: command)
        plugin.arguments = args ?? []
        plugin.environment = Dictionary(
            (env ?? []).map { ($0.name, $0.value ?? "") },
            uniquingKeysWith: { _, last in last }
        )
        plugin.installHint = installHint
        plugin.isToldTheCluster = provideClusterInfo ?? false
        return plugin
    }
}

extension String? {
    fileprivate var isGiven: Bool { self?.isEmpty == false }
}

extension Node {
    /// The node with the bytes of `!!binary` scalars in their places, as kubectl reads them: a field of base64 data is
    /// decoded once more.
    fileprivate var withBinaryDecoded: Node {
        switch self {
        case .scalar(let scalar):
            guard tag == Tag(.binary),
                let bytes = Data(base64Encoded: scalar.string, options: .ignoreUnknownCharacters)
            else { return self }
            return Node(String(decoding: bytes, as: UTF8.self))
        case .mapping(let mapping):
            return Node(mapping.map { ($0.key, $0.value.withBinaryDecoded) }, mapping.tag, mapping.style)
        case .sequence(let sequence):
            return Node(sequence.map(\.withBinaryDecoded), sequence.tag, sequence.style)
        case .alias:
            return self
        }
    }
}
