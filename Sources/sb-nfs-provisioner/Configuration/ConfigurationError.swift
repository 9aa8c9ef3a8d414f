/// Settings that cannot be used, all of them at once, a line each.
struct ConfigurationError: Error, CustomStringConvertible {
    let problems: [String]

    init(_ problems: [String]) {
        self.problems = problems
    }

    init(_ problem: String) {
        problems = [problem]
    }

    var description: String { problems.joined(separator: "\n") }
}
