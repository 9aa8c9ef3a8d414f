import Foundation
import Kubernetes
import NIOCore
import NIOPosix
import Provisioning
import Subprocess
import SystemPackage

/// Checks that hooks have what they need, without running them.
package struct HookInspection: Sendable {
    /// How long a server may take to accept a connection.
    private static let patience = TimeAmount.seconds(5)

    private let environment: [String: String]
    private let client: KubernetesClient?
    private let namespace: String

    /// - Parameters:
    ///   - environment: The controller's own.
    ///   - client: A client of the cluster in which Jobs run; nil without a cluster.
    ///   - namespace: The controller's own.
    package init(environment: [String: String], client: KubernetesClient?, namespace: String) {
        self.environment = environment
        self.client = client
        self.namespace = namespace
    }

    /// Lists what is wrong with a hook. It does not check the export that copies go to.
    package func findings(on hook: Hook) async -> [HookFinding] {
        switch hook.action {
        case .exec(let exec): await findings(on: exec)
        case .http(let http): await findings(on: http)
        case .job(let job): await findings(on: job, of: hook)
        case .copy(let copy): findings(on: copy)
        }
    }

    private func findings(on hook: ExecHook) async -> [HookFinding] {
        var findings: [HookFinding] = []
        let program = hook.command.first ?? ""
        do {
            let path = environment["PATH"].map { [Environment.Key("PATH"): $0] } ?? [:]
            _ = try await Executable.program(program).runnablePath(in: .custom(path))
        } catch {
            findings.append(
                HookFinding(
                    ExecAction.sentence(program, error),
                    remedy: "add it to the controller's image as an executable, or correct the hook's command"
                )
            )
        }
        for name in hook.passEnvironment where environment[name] == nil {
            findings.append(
                HookFinding(
                    isFatal: false,
                    "the variable \(name) of passEnvironment is not set",
                    remedy: "set it in the controller's environment, or remove it from passEnvironment"
                )
            )
        }
        return findings
    }

    private func findings(on hook: HTTPHook) async -> [HookFinding] {
        var findings: [HookFinding] = []
        do {
            _ = try HTTPCredentials(hook)
        } catch {
            findings.append(
                HookFinding("\(error)", remedy: "mount the file into the controller's pod, or correct its path")
            )
        }
        // Messages leave out the rest of the address, which may hold a secret.
        let (host, port) = URL(string: hook.url).map { ($0.host() ?? "", $0.port ?? 443) } ?? ("", 443)
        do {
            let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(Self.patience)
            try await bootstrap.connect(host: host, port: port).get().close()
        } catch {
            findings.append(
                HookFinding(
                    "\(host) port \(port) cannot be reached: \(HTTPHookError(transport: error))",
                    remedy: "correct url, start the server, and let the controller's pod reach it"
                )
            )
        }
        return findings
    }

    private func findings(on hook: JobHook, of whole: Hook) async -> [HookFinding] {
        guard let client else {
            return [HookFinding("it is a Job, but no cluster answers", remedy: "see the cluster checks")]
        }
        let event = HookEvent(
            phase: whole.phase,
            volume: "doctor",
            export: HookEvent.Export(server: "doctor", path: "/"),
            path: "/doctor",
            requestedAt: .now
        )
        let facts = HookFacts(event, hook: whole.name)
        let job = JobManifest(hook, facts, number: 1, timeout: whole.timeout, namespace: namespace).job
        do throws(KubernetesError) {
            _ = try await client.api(Job.self).create(job, isRehearsal: true)
            return []
        } catch {
            return [
                HookFinding(
                    "the API server would reject its Job in the namespace \(namespace): \(error.reason)",
                    remedy: "correct the hook's template, or the controller's rights and namespace"
                )
            ]
        }
    }

    private func findings(on hook: CopyHook) -> [HookFinding] {
        guard case .folder(let path) = hook.to else { return [] }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [HookFinding("there is no folder \(path)", remedy: "mount a volume there in the controller's pod")]
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            return [
                HookFinding(
                    "the folder \(path) cannot be written to",
                    remedy: "let the user of the controller's pod write to it (fsGroup, or its owner)"
                )
            ]
        }
        return []
    }
}

/// A problem that will or may keep a hook from working.
package struct HookFinding: Hashable, Sendable {
    /// Whether the hook cannot work.
    package let isFatal: Bool
    /// What is wrong.
    package let sentence: String
    /// What to do.
    package let remedy: String

    package init(isFatal: Bool = true, _ sentence: String, remedy: String) {
        self.isFatal = isFatal
        self.sentence = sentence
        self.remedy = remedy
    }
}
