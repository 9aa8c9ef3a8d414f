/// Settings that cannot be used, all of them at once, a line each.
struct ConfigurationError: Error, CustomStringConvertible {
    /// One mistake.
    struct Problem {
        let sentence: String
        /// In the configuration file, from 1; nil if it stands elsewhere.
        let line: Int?
    }

    let problems: [String]

    /// In the order of their lines, after those that stand in no file.
    init(_ problems: [Problem]) {
        self.problems = problems.enumerated()
            .sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
            .map(\.element.sentence)
    }

    init(_ problems: [String]) {
        self.problems = problems
    }

    init(_ problem: String) {
        problems = [problem]
    }

    var description: String { problems.joined(separator: "\n") }
}
