import Kubernetes

extension JSONValue {
    /// A field of an object; writing `nil` removes it. Anything but an object counts as an empty object.
    subscript(field: String) -> JSONValue? {
        get {
            guard case .object(let fields) = self else { return nil }
            return fields[field]
        }
        set {
            var fields: [String: JSONValue] = [:]
            if case .object(let existing) = self { fields = existing }
            fields[field] = newValue
            self = .object(fields)
        }
    }

    /// The elements of a list; anything else has none.
    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
