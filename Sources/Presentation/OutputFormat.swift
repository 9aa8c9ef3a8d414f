/// A format that a command can print in.
package enum OutputFormat: String, CaseIterable, Sendable {
    /// Aligned columns for people: the most important ones, shortened to the width of the terminal.
    case table
    /// Aligned columns for people: all of them, at full length.
    case wide
    case json
    case yaml
    case csv
    case markdown
    /// A self-contained file.
    case html
}

extension Collection<OutputFormat> {
    /// The formats as a choice: `table, wide or json`.
    package var choice: String {
        let names = map(\.rawValue)
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return "\(names.dropLast().joined(separator: ", ")) or \(last)"
    }
}
