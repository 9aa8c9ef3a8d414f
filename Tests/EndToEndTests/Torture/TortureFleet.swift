import Foundation
import Glibc
import TestBed

/// The controllers that work: one without an election, which saves waiting for leases, unless a fault asks for two.
actor TortureFleet {
    private let bed: TortureBed
    /// What its controllers' pods are called, and their logs.
    private let name: String
    private let kubeconfig: String
    private let arguments: [String]
    private(set) var controllers: [ControllerProcess] = []
    private var started = 0
    private var podNames: [pid_t: String] = [:]
    /// The most memory that one has had, in KiB, as far as it was looked at.
    private(set) var peakMemory = 0
    let memoryLimit: MemoryLimit?

    /// Of the cluster that the faults of the API server are made for.
    init(_ bed: TortureBed) throws {
        try self.init(
            bed,
            name: "torture",
            kubeconfig: bed.folder.appending(path: "controller.kubeconfig").path(),
            arguments: ["--config", bed.configuration.file.path()]
        )
    }

    /// Of another cluster, whose class has the path pattern of one of the first cluster's.
    init(_ bed: TortureBed, neighbour: Scenario) throws {
        try self.init(bed, name: "neighbour", kubeconfig: neighbour.bed.controllerKubeconfig, arguments: [])
    }

    private init(_ bed: TortureBed, name: String, kubeconfig: String, arguments: [String]) throws {
        self.bed = bed
        (self.name, self.kubeconfig, self.arguments) = (name, kubeconfig, arguments)
        memoryLimit = try MemoryLimit(named: "\(name)-\(bed.scenario.id)")
    }

    /// What it is called in the log and the audit log.
    func podName(of controller: ControllerProcess) -> String { podNames[controller.pid] ?? "" }

    @discardableResult
    func start(elects: Bool = false, environment changes: [String: String] = [:]) throws -> ControllerProcess {
        started += 1
        var environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
            "KUBECONFIG": kubeconfig,
            "NFS_SERVER": bed.serverName,
            "NFS_PATH": bed.root(of: .first).path(),
            "NFS_MOUNT_OPTIONS": bed.mountOptions.joined(separator: ","),
            "PROVISIONER_NAME": bed.scenario.provisioner,
            "POD_NAMESPACE": bed.bed.podNamespace,
            "POD_NAME": "\(name)-\(started)",
            "HTTP_ADDRESS": "127.0.0.1:0",
            "ENABLE_LEADER_ELECTION": "\(elects)",
        ]
        environment.merge(changes) { $1 }
        let controller = try ControllerProcess(
            environment: environment,
            arguments: ["controller"] + arguments,
            log: bed.folder.appending(path: "\(name)-\(started).log"),
            within: bed.withinOwnNames
        )
        podNames[controller.pid] = "\(name)-\(started)"
        memoryLimit?.take(controller.pid)
        controllers.append(controller)
        return controller
    }

    /// Ends all, and waits until they have ended.
    func stop(_ signal: Int32 = SIGTERM) async throws {
        noteMemory()
        let ended = controllers
        controllers = []
        for controller in ended {
            controller.signal(SIGCONT)
            controller.signal(signal)
        }
        try await bed.wait(for: "the controllers have ended") {
            !ended.contains { $0.isRunning }
        }
    }

    /// Ends all as a crash does, and starts one.
    func restart(environment: [String: String] = [:]) async throws {
        try await stop(SIGKILL)
        try start(environment: environment)
    }

    /// One that works, as it is without a fault.
    func recover() async throws {
        controllers.removeAll { !$0.isRunning }
        if controllers.isEmpty { try start() }
    }

    func noteMemory() {
        for controller in controllers {
            let status = (try? String(contentsOfFile: "/proc/\(controller.pid)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            peakMemory = max(peakMemory, line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
        }
    }
}

/// A control group with the memory that the manifest gives to the controller.
struct MemoryLimit: Sendable {
    let bytes: Int
    private let folder: URL

    /// - Returns: nil where this machine lets nobody make one.
    init?(named name: String) throws {
        let manifest = TortureBed.scripts.deletingLastPathComponent().appending(path: "manifests/base/deployment.yaml")
        let text = try String(contentsOf: manifest, encoding: .utf8)
        guard let mebibytes = text.firstMatch(of: /limits:\s+cpu:.*\s+memory: (\d+)Mi/).flatMap({ Int($0.1) }) else {
            throw Scenario.Failure(description: "manifests/base/deployment.yaml has no memory limit in Mi")
        }
        bytes = mebibytes << 20
        let first = URL(filePath: "/sys/fs/cgroup/memory")
        let isFirst = FileManager.default.fileExists(atPath: first.path())
        folder = (isFirst ? first : URL(filePath: "/sys/fs/cgroup")).appending(path: name)
        let file = folder.appending(path: isFirst ? "memory.limit_in_bytes" : "memory.max")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            try Data("\(bytes)".utf8).write(to: file)
        } catch {
            rmdir(folder.path())
            return nil
        }
    }

    func take(_ pid: pid_t) {
        try? Data("\(pid)".utf8).write(to: folder.appending(path: "cgroup.procs"))
    }

    /// The kernel may need a moment to see that the last process has ended.
    func remove() async throws {
        let deadline = ContinuousClock.now + .seconds(5)
        while rmdir(folder.path()) != 0, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
