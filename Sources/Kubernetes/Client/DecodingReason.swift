/// Describes what a decoder found wrong and where, without quoting the text, which may contain secrets.
func decodingReason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
        "\(place(context.codingPath + [key])) is missing"
    case DecodingError.typeMismatch(_, let context):
        "\(place(context.codingPath)) is of another type"
    case DecodingError.valueNotFound(_, let context):
        "\(place(context.codingPath)) is null"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
        "\(place(context.codingPath)) is malformed"
    default:
        "it is malformed"
    }
}

/// The path of a place in a document, such as `items[1].name`; `it` for the whole document.
private func place(_ path: [any CodingKey]) -> String {
    let text = path.reduce(into: "") { text, key in
        if let index = key.intValue {
            text += "[\(index)]"
        } else {
            text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
        }
    }
    return text.isEmpty ? "it" : text
}
