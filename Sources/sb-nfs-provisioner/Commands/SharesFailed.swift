/// What went wrong with some of several shares, a line each.
struct SharesFailed: Error, CustomStringConvertible {
    let sentences: [String]

    init(sentences: [String]) {
        self.sentences = sentences
    }

    /// All that went wrong; nil if nothing did.
    init?(_ failures: SharesFailed?...) {
        sentences = failures.flatMap { $0?.sentences ?? [] }
        if sentences.isEmpty { return nil }
    }

    var description: String { sentences.joined(separator: "\n") }
}
