import Crypto
import Foundation
import NIOHTTP1
import NIOSSL
import Presentation

/// The secrets of one hook, read from their files for one attempt.
struct HTTPCredentials: Sendable {
    let secret: [UInt8]?
    let token: String?
    let tls: TLSConfiguration

    /// - Throws: ``HTTPHookError`` that names the file, never what is in it.
    init(_ hook: HTTPHook) throws(HTTPHookError) {
        secret = try hook.secretFile.map { path throws(HTTPHookError) in try Self.text(path, "the signing secret") }
        token = try hook.tokenFile.map { path throws(HTTPHookError) in
            let bytes = try Self.text(path, "the token")
            guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw HTTPHookError("the token in \(path) contains characters that no token may have")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let path = hook.caFile {
            let bytes = try Self.bytes(path, "the certificate authority")
            guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
                throw HTTPHookError("the certificate authority in \(path) is not PEM")
            }
            tls.trustRoots = .certificates(certificates)
        }
        self.tls = tls
    }

    /// The texts that must not be shown.
    var secrets: [String] {
        [secret.map { String(decoding: $0, as: UTF8.self) }, token].compactMap { $0 }
    }

    /// Adds the time, the signature and the token.
    func sign(_ headers: inout HTTPHeaders, body: [UInt8]) {
        let timestamp = "\(Int64(Date().timeIntervalSince1970))"
        headers.add(name: HTTPSignature.timestampHeader, value: timestamp)
        if let secret {
            let signature = HTTPSignature.value(body: body, timestamp: timestamp, secret: secret)
            headers.add(name: HTTPSignature.header, value: signature)
        }
        if let token { headers.add(name: "Authorization", value: "Bearer \(token)") }
    }

    /// Reads a file, without the line breaks at its end.
    private static func text(_ path: String, _ what: String) throws(HTTPHookError) -> [UInt8] {
        var bytes = try bytes(path, what)
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw HTTPHookError("\(what) in \(path) is empty") }
        return bytes
    }

    private static func bytes(_ path: String, _ what: String) throws(HTTPHookError) -> [UInt8] {
        do {
            return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw HTTPHookError("cannot read \(what) in \(path); check that the file is mounted and readable")
        }
    }
}

/// The signature that shows a server that a request's sender knows the shared secret, and when the request was made.
enum HTTPSignature {
    static let header = "X-SB-NFS-Signature"
    static let timestampHeader = "X-SB-NFS-Timestamp"

    /// - Parameters:
    ///   - body: The request's body; empty if it has none.
    ///   - timestamp: As in the header, seconds since 1970.
    ///   - secret: The shared secret.
    /// - Returns: `sha256=` and the HMAC-SHA256 (RFC 2104) of `<timestamp>.<body>` in hexadecimal digits.
    static func value(body: [UInt8], timestamp: String, secret: [UInt8]) -> String {
        var code = HMAC<SHA256>(key: SymmetricKey(data: secret))
        code.update(data: Data("\(timestamp).".utf8))
        code.update(data: Data(body))
        return "sha256=" + code.finalize().hexadecimal
    }
}
