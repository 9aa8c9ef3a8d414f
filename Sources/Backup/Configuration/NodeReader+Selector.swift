import Kubernetes
import Yams

extension NodeReader {
    private enum Operator: String, CaseIterable {
        case isIn = "In"
        case isNotIn = "NotIn"
        case exists = "Exists"
        case doesNotExist = "DoesNotExist"

        var takesValues: Bool { self == .isIn || self == .isNotIn }
    }

    mutating func selector(_ node: Node, _ hook: String) -> HookSelector {
        var selector = HookSelector()
        let keys = ["classes", "namespaces", "claims"]
        guard let fields = fields(node, "selector of \(hook)", keys: keys) else { return selector }
        selector.classes = texts(fields, "classes")
        selector.namespaces = texts(fields, "namespaces")
        if let claims = fields["claims"] { selector.claims = labelSelector(claims, "claims of \(fields.what)") }
        return selector
    }

    private mutating func labelSelector(_ node: Node, _ what: String) -> LabelSelector {
        guard let fields = fields(node, what, keys: ["matchLabels", "matchExpressions"]) else { return LabelSelector() }
        let labels = fields["matchLabels"].map { matchLabels($0, what) }
        let requirements = fields["matchExpressions"].map { node in
            list(node, "matchExpressions of \(what)", of: "conditions").compactMap { requirement($0, what) }
        }
        return LabelSelector(matchLabels: labels, matchExpressions: requirements)
    }

    private mutating func matchLabels(_ node: Node, _ what: String) -> [String: String] {
        guard let mapping = node.mapping else {
            note(node, "matchLabels of \(what) is no mapping of labels to values")
            return [:]
        }
        var labels: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, let text = value.scalar?.string else {
                note(key, "matchLabels of \(what) has a label or a value that is no text")
                continue
            }
            labels[name] = text
        }
        return labels
    }

    private mutating func requirement(_ node: Node, _ what: String) -> LabelSelector.Requirement? {
        let keys = ["key", "operator", "values"]
        guard let fields = fields(node, "a condition of \(what)", keys: keys) else { return nil }
        let key = text(fields, "key")
        let `operator` = word(fields, "operator", Operator.self)
        let values = texts(fields, "values")
        for key in ["key", "operator"] where fields[key] == nil { note(node, "\(fields.what) has no \(key)") }
        guard let key, let `operator` else { return nil }
        if `operator`.takesValues == values.isEmpty {
            let rule = `operator`.takesValues ? "needs values" : "takes no values"
            note(node, "\(fields.what): the operator \(`operator`.rawValue) \(rule)")
        }
        return LabelSelector.Requirement(
            key: key,
            operator: `operator`.rawValue,
            values: `operator`.takesValues ? values : nil
        )
    }
}
