/// What should hold of a reader, and does not.
struct BrokenProperty: Error, CustomStringConvertible {
    let description: String
}

/// - Throws: ``BrokenProperty`` unless `condition` holds.
func hold(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws(BrokenProperty) {
    guard condition else { throw BrokenProperty(description: otherwise()) }
}

/// Checks that an error says something to people, in words of this program.
func holdSentence(_ error: any Error) throws(BrokenProperty) {
    let text = "\(error)"
    let isOurs = !["Error Domain", "DecodingError", "Swift.", "Foundation."].contains { text.contains($0) }
    try hold(text.contains(" ") && isOurs, "it is refused with “\(text)”")
}
