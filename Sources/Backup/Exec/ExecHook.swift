/// A program in the controller's own container.
package struct ExecHook: Hashable, Sendable {
    /// What the program reads from its standard input.
    package enum Input: String, CaseIterable, Hashable, Sendable {
        /// Nothing; it is at its end.
        case none
        /// ``HookFacts/json``.
        case json
        /// The tree, as a tar stream.
        case tar
    }

    /// The program, a path or a name to look for in `PATH`, and its arguments. No shell reads them.
    package var command: [String]
    package var stdin = Input.none
    /// Names of the controller's environment variables that the program gets, besides `PATH` and
    /// ``HookFacts/environment``. A variable that is not set is left out.
    package var passEnvironment: [String] = []

    package init(command: [String]) {
        self.command = command
    }
}
