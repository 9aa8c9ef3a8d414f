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
        var environment = [
            "NFS_SERVER": bed.nfsServer, "NFS_PATH": share.path(),
            "NFS_MOUNT_OPTIONS": mountOptions.joined(separator: ","),
        ]
        environment.merge(changes) { $1 }
        let result = try await Subprocess.run(
            .path(FilePath(BuiltProgram.path)),
            arguments: Arguments(arguments),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
            ),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        let code: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
        return ProgramResult(code: code, output: result.standardOutput, error: result.standardError)
    }
}
