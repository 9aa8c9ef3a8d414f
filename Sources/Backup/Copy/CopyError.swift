/// A copy that cannot be made: one sentence.
struct CopyError: Error, Hashable, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
