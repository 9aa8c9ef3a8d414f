import Kubernetes

extension JSONValue {
    /// A field of an object; null for what is none, or has none of that name.
    package subscript(key: String) -> JSONValue {
        get {
            guard case .object(let fields) = self else { return .null }
            return fields[key] ?? .null
        }
        set {
            var fields: [String: JSONValue] = [:]
            if case .object(let known) = self { fields = known }
            fields[key] = newValue == .null ? nil : newValue
            self = .object(fields)
        }
    }

    package var text: String? { if case .string(let text) = self { text } else { nil } }
    package var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

    /// A JSON merge patch (RFC 7396).
    func merged(with change: JSONValue) -> JSONValue {
        guard case .object(let fields) = change else { return change }
        var result = self
        for (key, value) in fields { result[key] = value == .null ? .null : self[key].merged(with: value) }
        return result
    }

    /// A JSON patch (RFC 6902) of paths into objects.
    ///
    /// - Returns: false if a test fails; then nothing is of use.
    mutating func apply(_ operations: [JSONValue]) -> Bool {
        for operation in operations {
            let path = (operation["path"].text ?? "").split(separator: "/").map {
                String($0).replacing("~1", with: "/").replacing("~0", with: "~")
            }
            switch operation["op"].text {
            case "test": guard value(at: path[...]) == operation["value"] else { return false }
            case "add", "replace": set(operation["value"], at: path[...])
            case "remove": set(.null, at: path[...])
            default: return false
            }
        }
        return true
    }

    private func value(at path: ArraySlice<String>) -> JSONValue {
        path.reduce(self) { $0[$1] }
    }

    private mutating func set(_ value: JSONValue, at path: ArraySlice<String>) {
        guard let key = path.first else {
            self = value
            return
        }
        var inner = self[key]
        inner.set(value, at: path.dropFirst())
        self[key] = inner
    }
}
