/// A program that hands out credentials, as a kubeconfig names it.
package struct ExecPlugin: Hashable, Sendable, CustomStringConvertible {
    /// The shape of what is said to the program and of its answer.
    package enum Version: String, Hashable, Sendable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    package var version: Version
    /// A path, or a name to look for in `PATH`.
    package var command: String
    package var arguments: [String] = []
    /// Added to this process' environment.
    package var environment: [String: String] = [:]
    /// How to get the program, for people who lack it.
    package var installHint: String?
    /// Whether the program is told which cluster it is for.
    package var isToldTheCluster = false
    /// How long it may take.
    package var timeout: Duration = .seconds(60)

    package init(version: Version, command: String) {
        self.version = version
        self.command = command
    }

    /// The command alone: arguments and environment may hold secrets.
    package var description: String { command }
}
