/// What a family of metrics is called, what it tells, and how many series it may have.
package struct Descriptor: Hashable, Sendable {
    /// As Prometheus asks for it: a base unit as suffix, `_total` for a counter.
    package let name: String
    /// One sentence.
    package let help: String
    /// The names of the labels, in the order in which values are given.
    package let labels: [String]
    /// How many sets of label values are told apart; what is beyond is told as one more, see ``Registry``.
    package let limit: Int

    /// - Precondition: `name` and `labels` are such as the data model of Prometheus allows: they are written in the code,
    ///   never read from anywhere.
    init(_ name: String, _ help: String, labels: [String], limit: Int) {
        precondition(Self.isName(name, and: ":"), "\(name) cannot be the name of a metric")
        precondition(
            labels.allSatisfy { Self.isName($0) && !$0.hasPrefix("__") && $0 != "le" },
            "\(name) has a label that cannot be one"
        )
        self.name = name
        self.help = help
        self.labels = labels
        self.limit = labels.isEmpty ? 1 : limit
    }

    /// The label values of what is beyond the limit.
    var others: [String] { labels.map { _ in "other" } }

    private static func isName(_ text: String, and more: Character? = nil) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") || $0 == more }
    }
}
