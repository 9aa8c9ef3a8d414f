import Foundation
import Kubernetes
import Logging
import Subprocess
import SystemPackage
import TestBed
import Testing

/// One test's own part of the test bed: a provisioner's name, a namespace, and folders on the NFS server that stand for
/// exports. Tests that run at the same time do not see each other.
struct Scenario: Sendable {
    let bed: TestBed
    let admin: KubernetesClient
    /// Unique to the test.
    let id: String
    /// The controller's own export, on the server's side.
    let share: URL
    /// A second export.
    let otherShare: URL
    let folder: URL

    var namespace: String { "e2e-\(id)" }
    var provisioner: String { "e2e.smart-bear.eu/\(id)" }

    /// Sets a scenario up, and takes it down when the test is done.
    static func run(_ body: (Scenario) async throws -> Void) async throws {
        let scenario = try await Scenario()
        var failure: (any Error)?
        do {
            try await body(scenario)
        } catch {
            failure = error
        }
        try? FileManager.default.removeItem(at: scenario.folder)
        try await scenario.admin.shutdown()
        if let failure { throw failure }
    }

    private init() async throws {
        bed = try TestBed.current()
        id = String(UInt32.random(in: .min ... .max), radix: 36)
        admin = try Self.client(bed)
        share = URL(filePath: bed.exportA).appending(path: "share-\(id)")
        otherShare = URL(filePath: bed.exportB).appending(path: "share-\(id)")
        folder = FileManager.default.temporaryDirectory.appending(path: "e2e-\(id)")
        for folder in [share, otherShare, folder] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        _ = try await admin.api(Namespace.self).create(Namespace(metadata: ObjectMeta(name: namespace)))
    }

    /// The same test in another cluster, with the same shares: claims, classes and the namespace have the same names there.
    ///
    /// - Parameter bed: That cluster. Its NFS server is not used.
    /// - Returns: What to work with there; its client is the caller's to shut down.
    /// - Throws: If the cluster does not answer.
    func neighbour(on bed: TestBed) async throws -> Scenario { try await Scenario(self, on: bed) }

    private init(_ other: Scenario, on bed: TestBed) async throws {
        self.bed = bed
        (id, share, otherShare, folder) = (other.id, other.share, other.otherShare, other.folder)
        admin = try Self.client(bed)
        _ = try await admin.api(Namespace.self).create(Namespace(metadata: ObjectMeta(name: namespace)))
    }

    private static func client(_ bed: TestBed) throws -> KubernetesClient {
        KubernetesClient(
            configuration: try ClusterConfiguration.load(kubeconfig: bed.kubeconfig, environment: [:]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    // MARK: The controller

    var mountOptions: [String] { ["port=\(bed.nfsPort)", "mountport=\(bed.nfsMountPort)"] }

    /// Starts the controller under its own ServiceAccount.
    func startController(
        _ changes: [String: String] = [:],
        configuration: String? = nil
    ) throws -> ControllerProcess {
        var environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
            "KUBECONFIG": bed.controllerKubeconfig,
            "NFS_SERVER": bed.nfsServer,
            "NFS_PATH": share.path(),
            "NFS_MOUNT_OPTIONS": mountOptions.joined(separator: ","),
            "PROVISIONER_NAME": provisioner,
            "POD_NAMESPACE": bed.podNamespace,
            "POD_NAME": "pod-\(id)",
            "HTTP_ADDRESS": "127.0.0.1:0",
        ]
        environment.merge(changes) { _, new in new }
        let log = folder.appending(path: "controller-\(UUID().uuidString).log")
        let arguments = ["controller"] + (configuration.map { ["--config", $0] } ?? [])
        return try ControllerProcess(environment: environment, arguments: arguments, log: log)
    }

    /// Writes a configuration file.
    ///
    /// - Returns: Its path.
    func configuration(_ yaml: String) throws -> String {
        let file = folder.appending(path: "\(UUID().uuidString).yaml")
        try write(yaml, to: file)
        return file.path()
    }

    @discardableResult
    func kubectl(_ arguments: [String], input: String = "") async throws -> String {
        let result = try await Subprocess.run(
            .path(FilePath(bed.kubectl)),
            arguments: Arguments(["--kubeconfig", bed.kubeconfig] + arguments),
            input: .string(input),
            // A bed that many tests ran on has many events.
            output: .string(limit: 1 << 24),
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "kubectl \(arguments.joined(separator: " ")): \(result.standardError)")
        }
        return result.standardOutput
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
