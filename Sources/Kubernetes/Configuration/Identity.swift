import Foundation
import NIOSSL

/// The part of a request that identifies the client and verifies the server. Never printed.
struct Identity: Sendable {
    /// The value of the `Authorization` header.
    var authorization: String?
    /// `nil` for plain HTTP.
    var tls: TLSConfiguration?
    /// Distinguishes it from earlier identities, which may look the same.
    let generation: Int
}

extension Identity {
    /// Creates an identity; reads every file again.
    ///
    /// - Parameters:
    ///   - configuration: The cluster and the credentials.
    ///   - plugin: The credentials of the credential plugin, if there is one.
    ///   - generation: The number of this identity.
    /// - Throws: ``KubernetesError/Code/configuration``.
    init(
        _ configuration: ClusterConfiguration,
        plugin: ExecCredential.Status?,
        generation: Int
    ) throws(KubernetesError) {
        self.generation = generation
        if case .token(let source) = configuration.credential {
            authorization = try Self.bearer(String(decoding: source.read(), as: UTF8.self), from: source)
        } else if let token = plugin?.token, !token.isEmpty {
            authorization = try Self.bearer(token, from: nil)
        }
        guard configuration.isSecure else { return }

        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        // Whom the certificate is for is checked by ``ServerName``.
        tls.certificateVerification = configuration.verifiesTLS ? .noHostnameVerification : .none
        if let authority = configuration.certificateAuthority {
            tls.trustRoots = .certificates(try Self.certificates(authority, called: "certificate authority"))
        }
        var certificate = configuration.clientCertificate
        if let chain = plugin?.clientCertificateData, let key = plugin?.clientKeyData {
            certificate = ClientCertificate(chain: .bytes(Array(chain.utf8)), key: .bytes(Array(key.utf8)))
        }
        if let certificate {
            tls.certificateChain = try Self.certificates(certificate.chain, called: "client certificate")
                .map { .certificate($0) }
            tls.privateKey = .privateKey(try Self.privateKey(certificate.key))
        }
        self.tls = tls
    }

    private static func bearer(_ text: String, from source: TextSource?) throws(KubernetesError) -> String {
        // As kubectl, which trims files; HTTP trims the end of a header.
        var token = text[...]
        while token.last?.isWhitespace == true { token.removeLast() }
        if case .file = source { token = token.drop(while: \.isWhitespace) }
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw KubernetesError(
                code: .configuration,
                reason: "the token\(place(source)) is empty or has characters a token cannot have"
            )
        }
        return "Bearer \(token)"
    }

    private static func certificates(
        _ source: TextSource,
        called name: String
    ) throws(KubernetesError) -> [NIOSSLCertificate] {
        let bytes = try source.read()
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw KubernetesError(code: .configuration, reason: "the \(name)\(place(source)) is not PEM")
        }
        return certificates
    }

    private static func privateKey(_ source: TextSource) throws(KubernetesError) -> NIOSSLPrivateKey {
        let bytes = try source.read()
        guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
            throw KubernetesError(code: .configuration, reason: "the client key\(place(source)) is not PEM")
        }
        return key
    }

    private static func place(_ source: TextSource?) -> String {
        if case .file(let path) = source { " in \(path)" } else { "" }
    }
}

/// A certificate that identifies the client to the API server.
package struct ClientCertificate: Hashable, Sendable {
    /// The certificate, followed by its intermediates, as PEM.
    package var chain: TextSource
    /// Its private key, as PEM.
    package var key: TextSource

    package init(chain: TextSource, key: TextSource) {
        self.chain = chain
        self.key = key
    }
}
