import Settings
import Subprocess
import SystemPackage

/// A hook that runs a program in the controller's own container.
package struct ExecHook: Hashable, Sendable {
    /// What the program reads from its standard input.
    package enum Input: String, CaseIterable, Hashable, Sendable {
        /// Nothing: standard input is empty.
        case none
        /// ``HookFacts/json``.
        case json
        /// The tree, as a tar stream.
        case tar
    }

    /// The program, a path or a name to look up in `PATH`, and its arguments. No shell interprets them.
    package var command: [String]
    package var stdin = Input.none
    /// Names of the controller's environment variables that the program gets, besides `PATH` and
    /// ``HookFacts/environment``. A variable that is not set is left out.
    package var passEnvironment: [String] = []

    package init(command: [String]) {
        self.command = command
    }
}

extension ExecHook {
    /// - Returns: nil, with a mistake noted, if the part is not a mapping.
    init?(_ part: SectionPart, reader: inout SectionReader) {
        let keys = ["command", "stdin", "passEnvironment"]
        guard let parts = reader.mapping(part, keys: keys, required: ["command"]) else { return nil }
        let command = reader.texts(parts["command"])
        if let part = parts["command"], let command, command.first?.isEmpty ?? true {
            reader.note(part, "has no program: list the program and its arguments")
        }
        self.init(command: command ?? [])
        stdin = reader.word(parts["stdin"], Input.self) ?? stdin
        passEnvironment = reader.elements(parts["passEnvironment"])?.compactMap { reader.text($0) } ?? []
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Executable {
    /// A program given by its path, or by a name to look up in `PATH`.
    static func program(_ text: String) -> Executable {
        text.contains("/") ? .path(FilePath(text)) : .name(text)
    }

    /// Finds the program's path, and checks that it is executable.
    func runnablePath(in environment: Environment) async throws -> FilePath {
        let path = try await resolveExecutablePath(in: environment)
        guard access(path.string, X_OK) == 0 else { throw Errno(rawValue: errno) }
        return path
    }
}
