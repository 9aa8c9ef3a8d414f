import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestBed

/// Who serves the claims that are timed.
enum Contestant: String {
    /// The program under test.
    case controller
    /// Makes the same requests to the API server and does nothing on the share.
    case floor
}

extension Contestant {
    /// Starts it under the controller's own ServiceAccount.
    ///
    /// - Parameters:
    ///   - tenant: Whose claims it serves.
    ///   - nfsPort: The port of the NFS server; nil for its own.
    ///   - configuration: A configuration file's path.
    /// - Returns: It, ready or not.
    /// - Throws: If it does not start.
    func start(
        for tenant: Tenant,
        nfsPort: Int? = nil,
        configuration: String? = nil
    ) throws -> RunningContestant {
        let bed = tenant.bench.bed
        let port = try freePort()
        let environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
            "KUBECONFIG": bed.controllerKubeconfig,
            "NFS_SERVER": bed.nfsServer,
            "NFS_PATH": tenant.share.path(),
            "NFS_MOUNT_OPTIONS": "port=\(nfsPort ?? bed.nfsPort),mountport=\(bed.nfsMountPort)",
            "PROVISIONER_NAME": tenant.provisioner,
            "POD_NAMESPACE": bed.podNamespace,
            "POD_NAME": "bench-\(tenant.id)",
            "HTTP_ADDRESS": "127.0.0.1:\(port)",
        ]
        let name = "\(rawValue)-\(UUID().uuidString.prefix(8)).log"
        let program = try RunningProgram(
            self == .controller ? BuiltProgram.path : CommandLine.arguments[0],
            self == .controller ? ["controller"] + (configuration.map { ["--config", $0] } ?? []) : ["floor"],
            environment: environment,
            log: tenant.bench.folder.appending(path: name)
        )
        return RunningContestant(kind: self, program: program, port: port)
    }

    private func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && getsockname(descriptor, address, &size) == 0
            }
        }
        guard isBound else { throw BenchFailure(description: "no free port on the loopback") }
        return UInt16(bigEndian: address.sin_port)
    }
}

/// A contestant's process.
struct RunningContestant: Sendable {
    let kind: Contestant
    let program: RunningProgram
    let port: UInt16

    func waitUntilReady() async throws {
        try await wait(for: "the \(kind.rawValue) is ready", within: .seconds(120)) {
            try program.requireRunning()
            return switch kind {
            case .controller: await get("readyz") != nil
            case .floor: program.log.contains(FloorCommand.readyLine)
            }
        }
    }

    /// Waits until it leads and has looked through the archives, which it does at first.
    func waitUntilLeading() async throws {
        try await wait(for: "the controller leads", within: .seconds(120)) {
            try program.requireRunning()
            try await Task.sleep(for: .milliseconds(100))
            let page = await get("metrics") ?? ""
            return page.contains("sb_nfs_leader 1") && page.contains("sb_nfs_catalogue_read_timestamp_seconds{")
        }
    }

    func stop() async throws {
        try await program.stop()
    }

    /// The controller's requests to the API server so far, of some verbs.
    func requests(_ isCounted: (_ verb: Substring) -> Bool = { _ in true }) async throws -> Double {
        guard let page = await get("metrics") else {
            throw BenchFailure(description: "the controller shows no metrics")
        }
        return page.split(separator: "\n").reduce(0) { sum, line in
            guard let series = line.wholeMatch(of: /sb_nfs_api_requests_total\{.*verb="([A-Z]+)".*\} (.+)/),
                isCounted(series.1), let value = Double(series.2)
            else { return sum }
            return sum + value
        }
    }

    /// - Returns: nil unless the answer is 200.
    private func get(_ path: String) async -> String? {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/\(path)")
        guard let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(5)),
            response.status == .ok, let body = try? await response.body.collect(upTo: 1 << 24)
        else { return nil }
        return String(buffer: body)
    }
}
