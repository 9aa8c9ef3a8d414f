import Crypto
import Foundation

/// What every page begins and ends with.
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

/// What a browser may do with a page: run the one script and use the one style sheet that are in it, and nothing else.
package enum ContentSecurityPolicy {
    /// For the header of an answer.
    package static let header = inDocument + "; frame-ancestors 'none'"

    /// For a `meta` element, where browsers do not take `frame-ancestors`.
    static let inDocument = [
        "default-src 'none'", "style-src '\(PageResource.style.hash)'", "script-src '\(PageResource.script.hash)'",
        "img-src data:", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].joined(separator: "; ")
}

/// What is embedded in the program, when it is built, to be in every page.
struct PageResource {
    static let style = PageResource(bytes: PackageResources.page_css)
    static let script = PageResource(bytes: PackageResources.page_js)

    let bytes: [UInt8]

    /// As a content security policy names it.
    var hash: String { "sha256-\(Data(SHA256.hash(data: bytes)).base64EncodedString())" }
}
