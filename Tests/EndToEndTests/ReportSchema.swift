import Foundation
import Kubernetes

/// The published schema of the reports' JSON, as far as it uses JSON Schema: types, properties, items, enumerations and
/// references within it.
struct ReportSchema {
    private let definitions: [String: JSONValue]

    init(contentsOf file: URL) throws {
        let schema = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
        definitions = schema["$defs"]?.members ?? [:]
    }

    /// What of a value is not as a definition has it, and which of its fields the definition does not speak of.
    func problems(of value: JSONValue, as definition: String) -> [String] {
        guard let schema = definitions[definition] else { return ["\(definition) is not defined"] }
        return problems(of: value, schema, at: definition)
    }

    private func problems(of value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if case .string(let reference)? = schema["$ref"] {
            return problems(of: value, as: String(reference.dropFirst("#/$defs/".count))).map { "\(place): \($0)" }
        }
        if case .string(let type)? = schema["type"], type != value.type { return ["\(place) is no \(type)"] }
        if case .array(let values)? = schema["enum"], !values.contains(value) { return ["\(place) is \(value)"] }
        switch value {
        case .array(let elements):
            guard let items = schema["items"] else { return ["\(place): nothing is said of its elements"] }
            return elements.flatMap { problems(of: $0, items, at: "\(place)[]") }
        case .object(let members):
            return fieldProblems(of: members, schema, at: place)
        default:
            return []
        }
    }

    private func fieldProblems(of members: [String: JSONValue], _ schema: JSONValue, at place: String) -> [String] {
        var problems: [String] = []
        if case .array(let names)? = schema["required"] {
            for case .string(let name) in names where members[name] == nil {
                problems.append("\(place).\(name) is missing")
            }
        }
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            if let property = schema["properties"]?.members[name] ?? schema["additionalProperties"] {
                problems += self.problems(of: member, property, at: "\(place).\(name)")
            } else {
                problems.append("\(place).\(name) is not documented")
            }
        }
        return problems
    }
}

extension JSONValue {
    fileprivate var members: [String: JSONValue] {
        if case .object(let members) = self { members } else { [:] }
    }

    fileprivate subscript(name: String) -> JSONValue? { members[name] }

    /// In the words of JSON Schema.
    fileprivate var type: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer, .large: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
