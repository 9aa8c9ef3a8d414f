import Crypto
import Foundation

/// Shows a server that a request comes from someone who knows the shared secret, and when it was made.
enum HTTPSignature {
    static let header = "X-SB-NFS-Signature"
    static let timestampHeader = "X-SB-NFS-Timestamp"

    /// - Parameters:
    ///   - body: The request's; empty for one without.
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
