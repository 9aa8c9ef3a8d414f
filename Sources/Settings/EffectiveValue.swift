import Yams

/// The effective value of a setting, as the configuration file writes it.
package enum EffectiveValue: Hashable {
    case unset
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([String])

    /// The value as text, as a flag takes it; `nil` if it is unset or an empty list.
    package var text: String? {
        switch self {
        case .unset: nil
        case .flag(let value): "\(value)"
        case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
        case .text(let value): value
        case .list(let values): values.isEmpty ? nil : values.joined(separator: ",")
        }
    }

    /// The value as YAML; `nil` for ``unset``, which a file expresses by omitting the setting.
    package var yaml: Yams.Node? {
        switch self {
        case .unset: nil
        case .flag(let value): Yams.Node("\(value)")
        case .number(let value): Yams.Node(Int(exactly: value).map { "\($0)" } ?? "\(value)")
        case .text(let value): Yams.Node(value, Tag(.str))
        case .list(let values): Yams.Node(values.map { Yams.Node($0, Tag(.str)) }, .implicit, .flow)
        }
    }
}
