import Kubernetes

extension JSONValue {
    /// This object without what the other has, objects field by field.
    func subtracting(_ other: JSONValue) -> JSONValue {
        guard case .object(let fields) = self, case .object(let others) = other else { return self }
        var rest: [String: JSONValue] = [:]
        for (name, field) in fields {
            guard let known = others[name] else {
                rest[name] = field
                continue
            }
            if case .object(let inner) = field.subtracting(known), case .object = known, !inner.isEmpty {
                rest[name] = .object(inner)
            }
        }
        return .object(rest)
    }

    /// This object with the fields of the other that it has not.
    func adding(_ other: JSONValue) -> JSONValue {
        guard case .object(let fields) = self, case .object(let others) = other else { return self }
        return .object(fields.merging(others) { $0.adding($1) })
    }
}
