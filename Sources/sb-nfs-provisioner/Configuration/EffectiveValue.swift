import Kubernetes
import Yams

/// A setting's value as in effect, written as the configuration file has it.
enum EffectiveValue: Hashable {
    case unset
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([String])

    /// nil for ``unset``, which a file says by not naming the setting.
    var yaml: Node? {
        switch self {
        case .unset: nil
        case .flag(let value): Node("\(value)")
        case .number(let value): Node(Int(exactly: value).map { "\($0)" } ?? "\(value)")
        case .text(let value): Node(value, Tag(.str))
        case .list(let values): Node(values.map { Node($0, Tag(.str)) }, .implicit, .flow)
        }
    }

    var json: JSONValue {
        switch self {
        case .unset: .null
        case .flag(let value): .bool(value)
        case .number(let value): Int64(exactly: value).map { .integer($0) } ?? .number(value)
        case .text(let value): .string(value)
        case .list(let values): .array(values.map { .string($0) })
        }
    }
}
