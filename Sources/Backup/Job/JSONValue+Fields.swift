import Kubernetes

extension JSONValue {
    /// A field of an object; `nil` writes none. Reading from, or writing to, anything but an object is reading from, or
    /// writing to, an empty one.
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
