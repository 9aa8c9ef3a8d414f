import Foundation
import Subprocess
import SystemPackage
import TestBed
import Testing

extension Scenario {
    /// What a run of the program came to.
    struct ProgramResult {
        /// nil: ended by a signal.
        let code: Int32?
        let output: String
        let error: String
    }

    /// Runs a command of the program to its end, on the scenario's share.
    func run(_ arguments: [String], _ changes: [String: String] = [:]) async throws -> ProgramResult {
        let environment = settings.merging(changes) { $1 }
        let result = try await Subprocess.run(
            .path(FilePath(BuiltProgram.path)),
            arguments: Arguments(arguments),
            environment: Self.custom(environment),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        let code: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
        return ProgramResult(code: code, output: result.standardOutput, error: result.standardError)
    }

    /// Runs a command to its end at a pseudo-terminal, which is its standard input and error, with an answer typed there.
    ///
    /// - Returns: What came of it; the error is what is on the screen.
    func run(_ arguments: [String], typing answer: String) async throws -> ProgramResult {
        let terminal = try PseudoTerminal()
        try terminal.type(answer)
        let result = try await Subprocess.run(
            .path(FilePath(BuiltProgram.path)),
            arguments: Arguments(arguments),
            environment: Self.custom(settings),
            input: .fileDescriptor(FileDescriptor(rawValue: terminal.descriptor), closeAfterSpawningProcess: false),
            output: .string(limit: 1 << 20),
            error: .fileDescriptor(FileDescriptor(rawValue: terminal.descriptor), closeAfterSpawningProcess: false)
        )
        let code: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
        return ProgramResult(code: code, output: result.standardOutput, error: terminal.screen())
    }

    private var settings: [String: String] {
        [
            "NFS_SERVER": bed.nfsServer, "NFS_PATH": share.path(),
            "NFS_MOUNT_OPTIONS": mountOptions.joined(separator: ","),
            // Other tests have volumes of the standard name.
            "PROVISIONER_NAME": provisioner,
        ]
    }

    private static func custom(_ variables: [String: String]) -> Subprocess.Environment {
        .custom(Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) }))
    }
}
