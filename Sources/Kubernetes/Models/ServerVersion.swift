/// The version an API server reports at `/version`.
package struct ServerVersion: Codable, Hashable, Sendable, CustomStringConvertible {
    package var major: String
    package var minor: String
    /// The full version, such as `v1.34.1`.
    package var gitVersion: String

    package init(major: String, minor: String, gitVersion: String) {
        self.major = major
        self.minor = minor
        self.gitVersion = gitVersion
    }

    package var description: String { gitVersion }
}
