/// A field of a record, whatever it holds.
enum RecordField: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([RecordField])
    case object([String: RecordField])

    /// This object without what the other has, objects field by field.
    func subtracting(_ other: RecordField) -> RecordField {
        guard case .object(let fields) = self, case .object(let others) = other else { return self }
        var rest: [String: RecordField] = [:]
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
    func adding(_ other: RecordField) -> RecordField {
        guard case .object(let fields) = self, case .object(let others) = other else { return self }
        return .object(fields.merging(others) { $0.adding($1) })
    }
}

extension RecordField: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let values = try? container.decode([RecordField].self) {
            self = .array(values)
        } else {
            self = .object(try container.decode([String: RecordField].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .object(let fields): try container.encode(fields)
        }
    }
}
