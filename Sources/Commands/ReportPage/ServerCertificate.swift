import Foundation
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The server's certificate and key, reloaded when their files change. Unusable files leave the old ones in force.
final class ServerCertificate: Service {
    /// The files cannot be used.
    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    private struct Pair {
        let files: [Data]
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
    }

    private let settings: ReportServerSettings.TLS
    private let logger: Logger
    private let pair: Mutex<Pair>

    /// - Parameters:
    ///   - settings: The files.
    ///   - logger: Logs changes, and files that cannot be used.
    /// - Throws: ``Unusable``, which names a file but never its contents.
    init(_ settings: ReportServerSettings.TLS, logger: Logger) throws(Unusable) {
        (self.settings, self.logger) = (settings, logger)
        pair = Mutex(try Self.read(settings))
    }

    /// The server's TLS configuration; every handshake uses the pair in force.
    var tls: TLSConfiguration {
        let current = pair.withLock { $0 }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: current.chain.map { .certificate($0) },
            privateKey: .privateKey(current.key)
        )
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        tls.sslContextCallback = { [self] _, promise in
            let current = pair.withLock { $0 }
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = current.chain.map { .certificate($0) }
            override.privateKey = .privateKey(current.key)
            promise.succeed(override)
        }
        return tls
    }

    /// Checks the files for changes until graceful shutdown or cancellation.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(5))) != nil { self.refresh() }
        }
    }

    private func refresh() {
        do throws(Unusable) {
            let new = try Self.read(settings)
            let isChanged = pair.withLock { pair in
                guard pair.files != new.files else { return false }
                pair = new
                return true
            }
            if isChanged { logger.info("the certificate of the report page was renewed") }
        } catch {
            logger.warning(
                "the certificate of the report page was not renewed; the old one stays in use",
                metadata: ["error": "\(error)"]
            )
        }
    }

    /// Checks that the files can be used now.
    ///
    /// - Throws: ``Unusable``.
    static func check(_ settings: ReportServerSettings.TLS) throws(Unusable) {
        _ = try read(settings)
    }

    private static func read(_ settings: ReportServerSettings.TLS) throws(Unusable) -> Pair {
        let certificate = try contents(settings.certificateFile, "certificate")
        let key = try contents(settings.keyFile, "key")
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(Array(certificate)), !chain.isEmpty else {
            throw Unusable(description: "the certificate in \(settings.certificateFile) is not PEM: write one there")
        }
        guard let privateKey = try? NIOSSLPrivateKey(bytes: Array(key), format: .pem) else {
            throw Unusable(description: "the key in \(settings.keyFile) is not PEM: write one there")
        }
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        guard (try? NIOSSLContext(configuration: tls)) != nil else {
            throw Unusable(
                description: "the key in \(settings.keyFile) does not match the certificate in "
                    + "\(settings.certificateFile): use a matching pair"
            )
        }
        return Pair(files: [certificate, key], chain: chain, key: privateKey)
    }

    private static func contents(_ path: String, _ what: String) throws(Unusable) -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Unusable(description: "the \(what) \(path) cannot be read: give an existing, readable file")
        }
    }
}
