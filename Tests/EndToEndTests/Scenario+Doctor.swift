import Foundation
import TestBed
import Testing

@testable import Commands

extension Scenario {
    /// Runs `doctor` under the controller's own ServiceAccount.
    func doctor(_ arguments: [String], _ changes: [String: String] = [:]) async throws -> ProgramResult {
        let settings = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "KUBECONFIG": bed.controllerKubeconfig,
            "PROVISIONER_NAME": provisioner, "POD_NAMESPACE": bed.podNamespace,
        ]
        return try await run(["doctor"] + arguments, settings.merging(changes) { $1 })
    }

    /// What `doctor` says as JSON, with that exit code.
    func diagnose(
        _ arguments: String...,
        code: Int32,
        _ changes: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Diagnosis {
        let result = try await doctor(arguments + ["--output", "json"], changes)
        #expect(result.code == code && result.error == "", "\(result)", sourceLocation: sourceLocation)
        return try JSONDecoder().decode(Diagnosis.self, from: Data(result.output.utf8))
    }
}

// Not written out where it is expected: the compiler (6.3.1) may take a closure within #expect for another closure of
// the same function and type.
extension Diagnosis {
    /// The first check of its kind, of one subject if that is given.
    func check(_ id: Check.ID, of subject: String? = nil) -> Check? {
        checks.first { $0.id == id && (subject == nil || $0.subject == subject) }
    }

    /// What has failed.
    var failures: [Check.ID] { checks.filter { $0.result == .failed }.map(\.id) }

    /// What has failed of one subject.
    func failures(of subject: String) -> [Check.ID] {
        checks.filter { $0.subject == subject && $0.result == .failed }.map(\.id)
    }
}
