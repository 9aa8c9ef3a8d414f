/// The name, help text, labels and series limit of a metric family.
package struct Descriptor: Hashable, Sendable {
    /// The name, by the conventions of Prometheus: a base unit as suffix, `_total` for a counter.
    package let name: String
    /// The help text, one sentence.
    package let help: String
    /// The names of the labels, in the order in which values are given.
    package let labels: [String]
    /// The number of label value sets with their own series; all others share one more, see ``Registry``.
    package let limit: Int

    /// - Precondition: `name` and `labels` conform to the data model of Prometheus: they are written in the code, never
    ///   read from anywhere.
    init(_ name: String, _ help: String, labels: [String], limit: Int) {
        let mistake = Self.mistake(in: name, labels: labels)
        precondition(mistake == nil, mistake ?? "")
        self.name = name
        self.help = help
        self.labels = labels
        self.limit = labels.isEmpty ? 1 : limit
    }

    /// Describes how a name and its labels violate the data model of Prometheus; `nil` if they do not.
    static func mistake(in name: String, labels: [String]) -> String? {
        if !isName(name, and: ":") { return "\(name) cannot be the name of a metric" }
        let areLabels = labels.allSatisfy { isName($0) && !$0.hasPrefix("__") && $0 != "le" }
        return areLabels ? nil : "\(name) has an invalid label name"
    }

    /// The label values of the series for everything beyond the limit.
    var others: [String] { labels.map { _ in "other" } }

    private static func isName(_ text: String, and more: Character? = nil) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") || $0 == more }
    }
}
