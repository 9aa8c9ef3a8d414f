/// A section of the configuration file that cannot be used: every mistake there is.
package struct SectionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One mistake.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// What it is in, such as `retention.rules[0].keepFor`.
        package let part: String
        /// The configuration file.
        package let file: String
        /// In the file, from 1.
        package let line: Int?
        /// What is wrong and what to do, as the end of a sentence about the part.
        package let mistake: String

        package var description: String {
            "\(part) in \(file)\(line.map { ", line \($0)," } ?? "") \(mistake)"
        }
    }

    /// In the order of their lines.
    package let problems: [Problem]

    /// A line each.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
