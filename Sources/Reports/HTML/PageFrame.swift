import Crypto
import Foundation

/// The start and the end of every page.
struct PageFrame {
    let title: String
    let hasScript: Bool

    func write(to writer: inout HTMLWriter, body: (inout HTMLWriter) -> Void) {
        writer.literal("<!DOCTYPE html>\n")
        writer.element("html", ("lang", "en")) { writer in
            writer.element("head") { writer in
                writer.void("meta", ("charset", "utf-8"))
                writer.void(
                    "meta",
                    ("http-equiv", "Content-Security-Policy"),
                    ("content", ContentSecurityPolicy.inDocument)
                )
                writer.void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
                writer.void("meta", ("name", "referrer"), ("content", "no-referrer"))
                writer.void("meta", ("name", "color-scheme"), ("content", "light dark"))
                // Without one, browsers ask for /favicon.ico.
                writer.void("link", ("rel", "icon"), ("href", "data:,"))
                writer.element("title", text: title)
                writer.element("style") { $0.resource(.style) }
            }
            writer.element("body") { writer in
                body(&writer)
                if hasScript { writer.element("script") { $0.resource(.script) } }
            }
        }
    }
}

/// The policy for a page: a browser may run its one script and use its one style sheet, and do nothing else.
package enum ContentSecurityPolicy {
    /// The policy for the header of an answer.
    package static let header = inDocument + "; frame-ancestors 'none'"

    /// The policy for a `meta` element, where browsers ignore `frame-ancestors`.
    static let inDocument = [
        "default-src 'none'", "style-src '\(PageResource.style.hash)'", "script-src '\(PageResource.script.hash)'",
        "img-src data:", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].joined(separator: "; ")
}

/// A resource that is embedded in the program at build time, and part of every page.
struct PageResource {
    static let style = PageResource(bytes: PackageResources.page_css)
    static let script = PageResource(bytes: PackageResources.page_js)

    let bytes: [UInt8]

    /// The hash by which a content security policy names it.
    var hash: String { "sha256-\(Data(SHA256.hash(data: bytes)).base64EncodedString())" }
}
