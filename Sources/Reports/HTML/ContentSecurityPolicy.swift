import Crypto
import Foundation

/// What a browser may do with a page: run the one script and use the one style sheet that are in it, and nothing else.
package enum ContentSecurityPolicy {
    /// For the header of an answer.
    package static let header = inDocument + "; frame-ancestors 'none'"

    /// For a `meta` element, where browsers do not take `frame-ancestors`.
    static let inDocument = [
        "default-src 'none'", "style-src '\(hash(of: PageStyle.text))'", "script-src '\(hash(of: PageScript.text))'",
        "img-src data:", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].joined(separator: "; ")

    private static func hash(of text: StaticString) -> String {
        let digest = text.withUTF8Buffer { SHA256.hash(data: Data($0)) }
        return "sha256-\(Data(digest).base64EncodedString())"
    }
}
