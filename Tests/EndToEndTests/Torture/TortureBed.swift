import Foundation
import Kubernetes
import Subprocess
import SystemPackage
import TestBed

/// What the torture has to itself: a whole test bed, ways to its servers that can be broken, and a place for logs.
struct TortureBed: Sendable {
    let scenario: Scenario
    /// Where logs and the report go.
    let folder: URL
    let api: FaultyAPIServer
    let way: FaultyWay
    let breaker: ChangeBreaker
    let server: TortureNFSServer
    /// An export of its own with little room; nil where this machine lets nobody mount one.
    let hasSmallFileSystem: Bool
    /// Whether the controller has a table of names of its own, which only who may mount something can give it.
    private(set) var hasOwnNames = true

    /// How the controller knows the NFS server.
    var serverName: String { hasOwnNames ? "nas.torture.test" : bed.nfsServer }

    var bed: TestBed { scenario.bed }

    /// - Parameters:
    ///   - scenario: The namespace and the shares to work with.
    ///   - folder: For logs.
    /// - Returns: All of it, ready.
    /// - Throws: If a part of it cannot be had.
    static func open(_ scenario: Scenario, folder: URL) async throws -> TortureBed {
        let bed = scenario.bed
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let pki = bed.folder + "/pki"
        let api = try await FaultyAPIServer.start(
            before: bed.apiServer,
            authority: pki + "/ca.crt",
            certificate: pki + "/server.crt",
            key: pki + "/server.key"
        )
        let server = try TortureNFSServer(bed)
        let hasSmallFileSystem = try await server.makeSmallExport()
        let way = try await FaultyWay(to: bed.nfsServer, port: bed.nfsPort)
        var opened = TortureBed(
            scenario: scenario,
            folder: folder,
            api: api,
            way: way,
            breaker: try await ChangeBreaker(to: "127.0.0.1", port: way.port),
            server: server,
            hasSmallFileSystem: hasSmallFileSystem
        )
        try opened.setName(known: true)
        try "search .\nnameserver 127.0.0.1\noptions timeout:1 attempts:1\n"
            .write(to: opened.resolver, atomically: false, encoding: .utf8)
        try FileManager.default.createDirectory(at: opened.root(of: .small), withIntermediateDirectories: true)
        opened.hasOwnNames = try await opened.run(opened.withinOwnNames + ["true"]).code == 0
        return opened
    }

    func close() async throws {
        try await api.stop()
        try await server.close()
    }

    /// A share, on the server's side.
    func root(of share: TortureShare) -> URL {
        switch share {
        case .first: scenario.share
        case .other: scenario.otherShare
        case .small: server.smallExport.appending(path: "share")
        }
    }

    /// The controller's way to the server; `timeo` is short, so that a fault takes not much longer than it lasts.
    var mountOptions: [String] {
        ["port=\(breaker.port)", "mountport=\(bed.nfsMountPort)", "timeo=20", "retrans=1"]
    }

    var configuration: TortureConfiguration { TortureConfiguration(bed: self) }

    // MARK: Names

    var hosts: URL { folder.appending(path: "hosts") }
    var resolver: URL { folder.appending(path: "resolv.conf") }

    /// Whether the server's name can be resolved: the file is the controller's `/etc/hosts`, in the mount namespace
    /// that it has of its own.
    func setName(known: Bool) throws {
        let text = "127.0.0.1 localhost\n" + (known ? "127.0.0.1 \(serverName)\n" : "")
        // In place: what is mounted is this very file.
        if let file = FileHandle(forWritingAtPath: hosts.path()) {
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: Data(text.utf8))
            try file.close()
        } else {
            try Data(text.utf8).write(to: hosts)
        }
    }

    /// A command line that runs the rest of it where ``hosts`` is `/etc/hosts`.
    var withinOwnNames: [String] {
        guard hasOwnNames else { return [] }
        let words =
            #"mount --bind "$1" /etc/hosts && mount --bind "$2" "$(readlink -f /etc/resolv.conf)"; shift 2; exec "$@""#
        return [
            "unshare", "--mount", "--propagation", "private", "sh", "-c", words, "sh", hosts.path(), resolver.path(),
        ]
    }

    // MARK: Classes

    func createClass(_ kind: ClaimKind) async throws {
        var parameters = kind.parameters
        if kind.share != .first {
            parameters["server"] = serverName
            parameters["share"] = root(of: kind.share).path()
        }
        try await scenario.createClass(
            kind.rawValue,
            parameters: parameters,
            mountOptions: kind.share == .first ? nil : mountOptions,
            allowsExpansion: true
        )
    }

    // MARK: Programs

    /// Runs a program to its end.
    func run(_ words: [String], environment: [String: String] = [:]) async throws -> Scenario.ProgramResult {
        let changes = environment.map { (Environment.Key(stringLiteral: $0.key), Optional($0.value)) }
        let result = try await Subprocess.run(
            words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0]),
            arguments: Arguments(Array(words.dropFirst())),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: changes)),
            output: .string(limit: 1 << 22),
            error: .string(limit: 1 << 20)
        )
        let code: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
        return Scenario.ProgramResult(code: code, output: result.standardOutput, error: result.standardError)
    }

    /// Runs a command of the program with the controller's settings, but for the faults on its ways.
    func command(_ arguments: [String]) async throws -> Scenario.ProgramResult {
        try await run(
            withinOwnNames + [BuiltProgram.path] + arguments + ["--config", configuration.file.path()],
            environment: [
                "NFS_SERVER": serverName, "NFS_PATH": root(of: .first).path(),
                "NFS_MOUNT_OPTIONS": "port=\(bed.nfsPort),mountport=\(bed.nfsMountPort),timeo=20,retrans=1",
                "PROVISIONER_NAME": scenario.provisioner, "KUBECONFIG": bed.kubeconfig,
            ]
        )
    }

    static var scripts: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "scripts")
    }
}
