import Yams

/// A setting's value as in effect, written as the configuration file has it.
package enum EffectiveValue: Hashable {
    case unset
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([String])

    /// In words, as a flag takes it; nil for what is not set, or an empty list.
    package var text: String? {
        switch self {
        case .unset: nil
        case .flag(let value): "\(value)"
        case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
        case .text(let value): value
        case .list(let values): values.isEmpty ? nil : values.joined(separator: ",")
        }
    }

    /// nil for ``unset``, which a file says by not naming the setting.
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
