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
                writer.element("style") { $0.literal(PageStyle.text) }
            }
            writer.element("body") { writer in
                body(&writer)
                if hasScript { writer.element("script") { $0.literal(PageScript.text) } }
            }
        }
    }
}
