/// A section of the configuration file that cannot be used: a sentence for each mistake.
package struct SectionError: Error, Sendable, CustomStringConvertible {
    package let problems: [String]

    package init(_ problems: [String]) {
        self.problems = problems
    }

    package var description: String { problems.joined(separator: "\n") }
}
