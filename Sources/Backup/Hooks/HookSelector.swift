import Kubernetes
import Provisioning
import Settings

/// Selects the volumes that a hook is for: those that meet all of its conditions. An empty selector matches every
/// volume.
package struct HookSelector: Hashable, Sendable {
    /// Names of StorageClasses; empty for any.
    package var classes: [String] = []
    /// Namespaces of claims; empty for any.
    package var namespaces: [String] = []
    /// Selects by the claim's labels as the event has them; a volume without a claim has none.
    package var claims = LabelSelector()

    package init() {}

    package func matches(_ event: HookEvent) -> Bool {
        (classes.isEmpty || event.storageClass.map(classes.contains) ?? false)
            && (namespaces.isEmpty || (event.claim?.namespace).map(namespaces.contains) ?? false)
            && claims.matches(event.labels)
    }
}

extension HookSelector {
    init(_ part: SectionPart, reader: inout SectionReader) {
        guard let parts = reader.mapping(part, keys: ["classes", "namespaces", "claims"]) else { return }
        classes = reader.names(parts["classes"]) ?? []
        namespaces = reader.names(parts["namespaces"]) ?? []
        claims = parts["claims"].map { LabelSelector($0, reader: &reader) } ?? claims
    }
}

extension LabelSelector {
    fileprivate init(_ part: SectionPart, reader: inout SectionReader) {
        let parts = reader.mapping(part, keys: ["matchLabels", "matchExpressions"]) ?? [:]
        let labels = parts["matchLabels"].flatMap { reader.mapping($0, expected: "write labels and values below it") }
        self.init(
            matchLabels: labels?.compactMapValues { part in reader.value(part, expected: "use a text") { $0 } },
            matchExpressions: reader.elements(parts["matchExpressions"])?.compactMap {
                Requirement($0, reader: &reader)
            }
        )
    }
}

extension LabelSelector.Requirement {
    private enum Operator: String, CaseIterable {
        case isIn = "In"
        case isNotIn = "NotIn"
        case exists = "Exists"
        case doesNotExist = "DoesNotExist"

        var takesValues: Bool { self == .isIn || self == .isNotIn }
    }

    /// - Returns: nil, with a mistake noted, if it has no key or no operator.
    fileprivate init?(_ part: SectionPart, reader: inout SectionReader) {
        let required = ["key", "operator"]
        guard let parts = reader.mapping(part, keys: required + ["values"], required: required) else { return nil }
        let key = reader.text(parts["key"])
        let word = reader.word(parts["operator"], Operator.self)
        let values = reader.texts(parts["values"]) ?? []
        guard let key, let word else { return nil }
        if word.takesValues == values.isEmpty {
            let rule = word.takesValues ? "has no values: list some" : "has values: leave them out"
            reader.note(part, "\(rule) for the operator \(word.rawValue)")
        }
        self.init(key: key, operator: word.rawValue, values: word.takesValues ? values : nil)
    }
}
