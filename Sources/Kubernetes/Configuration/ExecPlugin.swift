import Foundation
import Subprocess
import SystemPackage

/// A credential plugin: a program that issues credentials, as configured in a kubeconfig.
package struct ExecPlugin: Hashable, Sendable, CustomStringConvertible {
    /// The API version of the plugin's input and output.
    package enum Version: String, Hashable, Sendable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    package var version: Version
    /// A path, or a name to look up in `PATH`.
    package var command: String
    package var arguments: [String] = []
    /// Added to this process' environment.
    package var environment: [String: String] = [:]
    /// How to install the program, for users who lack it.
    package var installHint: String?
    /// Whether the program receives information about the cluster.
    package var isToldTheCluster = false
    /// The time limit of a run.
    package var timeout: Duration = .seconds(60)

    package init(version: Version, command: String) {
        self.version = version
        self.command = command
    }

    /// The command alone: arguments and environment may hold secrets.
    package var description: String { command }
}

extension ExecPlugin {
    private static let largestOutput = 1 << 20

    /// Runs the program once.
    ///
    /// - Parameter cluster: The cluster information for the program, if any.
    /// - Returns: The credentials that it issued.
    /// - Throws: ``KubernetesError/Code/configuration`` or ``KubernetesError/Code/timeout``. The reason quotes the
    ///   program's standard error, never its output.
    func run(for cluster: ExecCredential.Spec.Cluster?) async throws(KubernetesError) -> ExecCredential.Status {
        let executable: Executable = command.contains("/") ? .path(FilePath(command)) : .name(command)
        let arguments = Arguments(self.arguments)
        let environment = Environment.inherit.updating(try variables(for: cluster))
        let outcome = await withDeadline(timeout) {
            await output(executable, arguments, environment)
        }
        guard let outcome else { throw error("did not end within \(timeout)", .timeout) }
        return try credentials(try outcome.get())
    }

    private func output(
        _ executable: Executable,
        _ arguments: Arguments,
        _ environment: Environment
    ) async -> Result<[UInt8], KubernetesError> {
        do {
            let result = try await Subprocess.run(
                executable,
                arguments: arguments,
                environment: environment,
                output: .bytes(limit: Self.largestOutput),
                error: .string(limit: Self.largestOutput)
            )
            guard result.terminationStatus.isSuccess else {
                let said = result.standardError.trimmingCharacters(in: .whitespacesAndNewlines).prefix(400)
                return .failure(error("failed (\(result.terminationStatus)): \(said)"))
            }
            return .success(result.standardOutput)
        } catch let failure as SubprocessError where failure.code == .executableNotFound {
            return .failure(error("was not found; \(installHint ?? "install it, or correct the kubeconfig")"))
        } catch let failure as SubprocessError where failure.code == .outputLimitExceeded {
            return .failure(error("wrote more than \(Self.largestOutput) bytes"))
        } catch let failure {
            return .failure(error("cannot be run: \(failure)"))
        }
    }

    private func credentials(_ output: [UInt8]) throws(KubernetesError) -> ExecCredential.Status {
        // The decoder's message is not passed on: it may quote a token.
        guard let answer = try? JSONDecoder().decode(ExecCredential.self, from: Data(output)),
            answer.kind == "ExecCredential"
        else { throw error("did not write an ExecCredential to its standard output") }
        guard answer.apiVersion == version.rawValue else {
            throw error("answered in version \(answer.apiVersion), not \(version.rawValue)")
        }
        guard let status = answer.status, status.isComplete else {
            throw error("returned neither a token nor a client certificate with its key")
        }
        return status
    }

    private func variables(
        for cluster: ExecCredential.Spec.Cluster?
    ) throws(KubernetesError) -> [Environment.Key: String?] {
        let info = ExecCredential(
            apiVersion: version.rawValue,
            kind: "ExecCredential",
            spec: ExecCredential.Spec(interactive: false, cluster: isToldTheCluster ? cluster : nil)
        )
        guard let bytes = try? JSONEncoder().encode(info), let text = String(bytes: bytes, encoding: .utf8) else {
            throw error("cannot be given the cluster's details")
        }
        var variables: [Environment.Key: String?] = ["KUBERNETES_EXEC_INFO": text]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return variables
    }

    private func error(_ reason: String, _ code: KubernetesError.Code = .configuration) -> KubernetesError {
        KubernetesError(code: code, reason: "credential plugin “\(command)” \(reason)")
    }
}

extension ExecCredential.Status {
    fileprivate var isComplete: Bool {
        if let token, !token.isEmpty { return true }
        return clientCertificateData?.isEmpty == false && clientKeyData?.isEmpty == false
    }
}
