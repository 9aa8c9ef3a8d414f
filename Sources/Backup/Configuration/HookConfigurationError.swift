/// Hooks that cannot be used: every mistake there is.
package struct HookConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One mistake.
    package struct Problem: Hashable, Sendable {
        /// In the file, from 1.
        package var line: Int
        /// What is wrong and what to do.
        package var sentence: String
    }

    /// The configuration file.
    package let path: String
    /// In the order of their lines.
    package let problems: [Problem]

    /// A line each, as `path:line: sentence`.
    package var description: String {
        problems.map { "\(path):\($0.line): \($0.sentence)" }.joined(separator: "\n")
    }
}
