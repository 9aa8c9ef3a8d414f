import Testing

@testable import Reports

@Suite("HTML: what is not a literal is escaped")
struct HTMLWriterTests {
    private func html(_ write: (inout HTMLWriter) -> Void) -> String {
        var writer = HTMLWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(
        "Markup, quotes, control characters and turners of direction stay text",
        arguments: [
            ("plain", "plain"), ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a\"b'c", "a&quot;b&#39;c"), ("&lt;", "&amp;lt;"), ("]]>-->", "]]&gt;--&gt;"),
            ("a\u{202e}b", "a\\u{202e}b"), ("a\u{0}b\u{1b}[31m\u{85}", "a\\u{0}b\\u{1b}[31m\\u{85}"),
            ("a\r\nb\tc", "a\\u{d}\nb\tc"), ("\u{feff}\u{2028}", "\\u{feff}\\u{2028}"), ("ä 文 😀", "ä 文 😀"),
        ]
    )
    func escapes(text: String, expected: String) {
        #expect(html { $0.element("p", text: text) } == "<p>\(expected)</p>")
        #expect(html { $0.void("input", ("value", text)) } == "<input value=\"\(expected)\">")
    }

    @Test("An attribute without a value is left out; an empty one is written by name only")
    func attributes() {
        #expect(html { $0.element("a", ("href", nil), ("hidden", "")) } == "<a hidden></a>")
    }
}
