import Presentation

/// All checks of one run, as they are printed.
struct Diagnosis: Codable, Hashable {
    /// Increases when a field changes its meaning or is removed; new fields and checks may appear at any time.
    var version = 1
    /// `failed` if a check failed, else `warning` if one warns, else `ok`.
    var result: Check.Result
    var checks: [Check]

    init(_ checks: [Check]) {
        self.checks = checks
        let results = Set(checks.map(\.result))
        result = results.contains(.failed) ? .failed : results.contains(.warning) ? .warning : .ok
    }

    func text(_ style: TableStyle) -> String {
        var text = ""
        var (group, export): (Substring, String?) = ("", nil)
        let width = Check.ID.allCases.map { $0.name.count }.max() ?? 0
        for (check, others) in lines {
            if check.id.group != group {
                text += (text.isEmpty ? "" : "\n") + check.id.group.uppercased() + "\n"
                (group, export) = (check.id.group, nil)
            }
            // An export has many checks, shown together under its name; other sentences name their subject.
            if group == "exports", let subject = check.subject, subject != export {
                text += "\(subject.printable)\n"
                export = subject
            }
            let name = check.id.name.padding(to: width)
            text += "  \(mark(check.result, style.isColoured)) \(name)  \(check.sentence.printable)"
            text += others.isEmpty ? "\n" : "; also skipped: \(others.map(\.id.name).joined(separator: ", "))\n"
            let indent = String(repeating: " ", count: Self.markWidth + width + 5)
            if let remedy = check.remedy { text += "\(indent)→ \(remedy.printable)\n" }
        }
        return text + "\n\(summary)\n"
    }

    /// The checks, with consecutive ones that were skipped for one reason on a single line.
    private var lines: [(check: Check, others: [Check])] {
        var lines: [(check: Check, others: [Check])] = []
        for check in checks {
            if check.result == .skipped, let last = lines.last?.check, last.result == .skipped,
                last.id.group == check.id.group, last.subject == check.subject, last.sentence == check.sentence
            {
                lines[lines.count - 1].others.append(check)
            } else {
                lines.append((check, []))
            }
        }
        return lines
    }

    /// `20 ok, 1 warning, 0 failed, 2 skipped`
    private var summary: String {
        Check.Result.allCases.map { result in "\(checks.count { $0.result == result }) \(result)" }
            .joined(separator: ", ")
    }

    private static let markWidth = Check.Result.allCases.map { $0.rawValue.count }.max() ?? 0

    private func mark(_ result: Check.Result, _ isColoured: Bool) -> String {
        let word = Substring(result.rawValue).padding(to: Self.markWidth)
        return isColoured ? result.colour.applied(to: word) : word
    }
}

extension Diagnosis: Printable {
    static let formats: [OutputFormat] = [.table, .json, .yaml]
}

extension Check.Result {
    fileprivate var colour: TerminalColour {
        switch self {
        case .ok: .green
        case .warning: .yellow
        case .failed: .red
        case .skipped: .cyan
        }
    }
}

extension Substring {
    fileprivate func padding(to width: Int) -> String {
        "\(self)" + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
