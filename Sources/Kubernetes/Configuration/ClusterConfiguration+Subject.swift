import Foundation

extension ClusterConfiguration {
    /// Whom the token says it is of, such as `system:serviceaccount:storage:nfs`; only the API server knows whether that
    /// is true. nil for tokens that say nothing, and for other credentials.
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
