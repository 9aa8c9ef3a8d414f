/// Everything that is wrong with the settings, or that made a command fail, one line each.
struct ConfigurationError: Error, CustomStringConvertible {
    /// One mistake.
    struct Problem {
        let sentence: String
        /// The line in the configuration file, from 1; nil if the mistake is elsewhere.
        let line: Int?
    }

    let problems: [String]

    /// Sorts the problems by line; those outside the file come first.
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
