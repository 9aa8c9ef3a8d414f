import Kubernetes
import Settings
import Yams

extension SectionReader {
    /// Converts any YAML to JSON, as kubectl does.
    package mutating func json(_ part: SectionPart) -> JSONValue {
        let node = part.node
        switch node {
        case .mapping:
            return .object((mapping(part, expected: "write one") ?? [:]).mapValues { json($0) })
        case .sequence:
            return .array((elements(part) ?? []).map { json($0) })
        default:
            break
        }
        guard let text = node.scalar?.string else {
            note(part, "is neither text, number, list nor mapping: use one of them")
            return .null
        }
        return switch node.tag.rawValue {
        case Tag.Name.null.rawValue: .null
        case Tag.Name.bool.rawValue: node.bool.map { .bool($0) } ?? .string(text)
        case Tag.Name.int.rawValue: node.int.map { .integer(Int64($0)) } ?? .string(text)
        case Tag.Name.float.rawValue: node.float.flatMap { $0.isFinite ? .number($0) : nil } ?? .string(text)
        default: .string(text)
        }
    }
}
