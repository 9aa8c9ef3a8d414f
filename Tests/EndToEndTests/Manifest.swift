import Foundation
import Kubernetes
import Yams

/// An object as a manifest writes it.
struct Manifest: Hashable {
    var value: JSONValue

    /// Every object of a YAML text.
    static func all(_ yaml: String) throws -> [Manifest] {
        try Array(Yams.compose_all(yaml: yaml)).filter { $0.mapping?.isEmpty == false }.map {
            Manifest(value: json($0))
        }
    }

    /// The objects by kind and name.
    static func byName(_ yaml: String) throws -> [String: Manifest] {
        Dictionary(try all(yaml).map { ("\($0.kind) \($0.name)", $0) }) { _, last in last }
    }

    var apiVersion: String { self["apiVersion"]?.text ?? "" }
    var kind: String { self["kind"]?.text ?? "" }
    var name: String { self["metadata", "name"]?.text ?? "" }

    /// What its pods are made of, whatever makes them; nil without pods.
    var podSpec: JSONValue? {
        self["spec", "template", "spec"] ?? self["spec", "jobTemplate", "spec", "template", "spec"]
    }

    subscript(_ path: String...) -> JSONValue? { value.at(path[...]) }

    /// As YAML reads it: what stands in quotes is text.
    private static func json(_ node: Node) -> JSONValue {
        switch node {
        case .mapping(let mapping):
            .object(Dictionary(mapping.map { ($0.key.string ?? "", json($0.value)) }) { _, last in last })
        case .sequence(let sequence):
            .array(sequence.map(json))
        case .scalar(let scalar) where scalar.style == .plain:
            if node.null != nil {
                .null
            } else if let flag = node.bool {
                .bool(flag)
            } else if let number = node.int {
                .integer(Int64(number))
            } else {
                .string(scalar.string)
            }
        case .scalar(let scalar):
            .string(scalar.string)
        case .alias:
            .null
        }
    }
}

extension JSONValue {
    /// What stands at a path of names and indices.
    func at(_ path: ArraySlice<String>) -> JSONValue? {
        guard let first = path.first else { return self }
        return switch self {
        case .object(let fields): fields[first]?.at(path.dropFirst())
        case .array(let elements):
            Int(first).flatMap { elements.indices.contains($0) ? elements[$0].at(path.dropFirst()) : nil }
        default: nil
        }
    }

    subscript(_ path: String...) -> JSONValue? { at(path[...]) }

    var text: String? { if case .string(let text) = self { text } else { nil } }

    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

    var fields: [String: JSONValue] { if case .object(let fields) = self { fields } else { [:] } }
}
