import Presentation

/// Writes HTML from start to end.
///
/// Names of elements and attributes are literals of this program, and so is what ``literal(_:)`` and ``resource(_:)``
/// take. Everything else is escaped here, so that no caller can forget to.
struct HTMLWriter {
    /// An attribute; without a value it is left out, with an empty value only its name is written.
    typealias Attribute = (StaticString, String?)

    /// UTF-8.
    private(set) var bytes: [UInt8] = []

    /// Writes an element with its content.
    mutating func element(
        _ name: StaticString,
        _ attributes: Attribute...,
        content: (inout HTMLWriter) -> Void = { _ in }
    ) {
        begin(name, attributes)
        content(&self)
        literal("</")
        literal(name)
        literal(">")
    }

    /// Writes an element that contains only text.
    mutating func element(_ name: StaticString, _ attributes: Attribute..., text: String) {
        begin(name, attributes)
        self.text(text)
        literal("</")
        literal(name)
        literal(">")
    }

    /// Writes an element without an end tag, such as `input`.
    mutating func void(_ name: StaticString, _ attributes: Attribute...) {
        begin(name, attributes)
    }

    /// Writes text, and escapes it.
    mutating func text(_ text: String) {
        for byte in text.utf8 where !Self.isPlain(byte) { return escape(text) }
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes HTML of this program.
    mutating func literal(_ literal: StaticString) {
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Writes a style sheet or a script of this program.
    mutating func resource(_ resource: PageResource) {
        bytes.append(contentsOf: resource.bytes)
    }

    private mutating func begin(_ name: StaticString, _ attributes: [Attribute]) {
        literal("<")
        literal(name)
        for (name, value) in attributes {
            guard let value else { continue }
            literal(" ")
            literal(name)
            guard !value.isEmpty else { continue }
            literal("=\"")
            text(value)
            literal("\"")
        }
        literal(">")
    }

    private mutating func escape(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": literal("&amp;")
            case "<": literal("&lt;")
            case ">": literal("&gt;")
            case "\"": literal("&quot;")
            case "'": literal("&#39;")
            case "\n", "\t": bytes.append(UInt8(scalar.value))
            case _ where scalar.isUnseen:
                bytes.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
            default: bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
        default: (0x20..<0x7f).contains(byte)
        }
    }
}

extension HTMLWriter {
    /// Writes a bar of 100 × 10 units, stretched to the available width. Screen readers skip it, because the text
    /// beside it says the same.
    mutating func bar(_ body: (inout HTMLWriter) -> Void) {
        element(
            "svg",
            ("viewBox", "0 0 100 10"),
            ("preserveAspectRatio", "none"),
            ("aria-hidden", "true"),
            content: body
        )
    }
}
