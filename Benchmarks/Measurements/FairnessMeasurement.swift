import Foundation
import Kubernetes

/// Single claims while the controller purges a large tree, and while it measures one.
struct FairnessMeasurement {
    let bench: Bench

    func take(into figures: inout Figures) async throws {
        figures.note(try await whilePurging(), .purge)
        figures.note(try await whileMeasuring(), .walk)
    }

    /// One claim after another, from the moment when the archive has begun to go until it is gone.
    private func whilePurging() async throws -> Double {
        let tenant = try await Tenant(on: bench)
        let namespace = try await tenant.namespace()
        let volume = try await fill(tenant, namespace)
        let archive = volume.deletingLastPathComponent().appending(path: "archived-\(volume.lastPathComponent)")
        let archiving = try Contestant.controller.start(for: tenant)
        try await tenant.deleteClaims(1, in: namespace)
        _ = try await bench.journal.wait(for: .gone, of: "claim-0", in: namespace)
        try await archiving.stop()
        let retention = "retention: {interval: 1s, default: {keepFor: 1s}}\n"
        let controller = try Contestant.controller.start(for: tenant, configuration: bench.configuration(retention))
        try await wait(for: "the purge begins") {
            try controller.program.requireRunning()
            return !FileManager.default.fileExists(atPath: archive.path())
        }
        let trash = tenant.share.appending(path: ".sb-nfs-provisioner/trash")
        let latencies = try await latencies(tenant) { number in
            guard number >= bench.size.bystanders else { return true }
            return try !FileManager.default.contentsOfDirectory(atPath: trash.path()).isEmpty
        }
        try await controller.stop()
        return latencies.max() ?? 0
    }

    private func whileMeasuring() async throws -> Double {
        let tenant = try await Tenant(on: bench)
        let namespace = try await tenant.namespace()
        _ = try await fill(tenant, namespace)
        let usage = "usage: {interval: 1s, volumesPerMinute: 60000}\n"
        let controller = try Contestant.controller.start(for: tenant, configuration: bench.configuration(usage))
        let ledgers = tenant.share.appending(path: ".sb-nfs-provisioner/usage")
        try await wait(for: "the tree was measured once") {
            try controller.program.requireRunning()
            let names = (try? FileManager.default.contentsOfDirectory(atPath: ledgers.path())) ?? []
            return names.contains { $0.hasSuffix(".jsonl") && !$0.contains("journal") }
        }
        let latencies = try await latencies(tenant) { $0 < 3 * bench.size.bystanders }
        try await controller.stop()
        return latencies.max() ?? 0
    }

    /// Gives a tenant a volume with the large tree in it.
    ///
    /// - Returns: The volume's directory.
    private func fill(_ tenant: Tenant, _ namespace: String) async throws -> URL {
        let controller = try Contestant.controller.start(for: tenant)
        try await tenant.createClaims(1, in: namespace)
        _ = try await bench.journal.wait(for: .bound, of: "claim-0", in: namespace)
        try await controller.stop()
        let names = try FileManager.default.contentsOfDirectory(atPath: tenant.share.path())
        guard let name = names.first(where: { $0.hasPrefix(namespace) }) else {
            throw BenchFailure(description: "the volume's directory is not in \(tenant.share.path()): \(names)")
        }
        let directory = tenant.share.appending(path: name)
        _ = try Tree(at: directory, bench.size)
        return directory
    }

    private func latencies(
        _ tenant: Tenant,
        while goesOn: (_ number: Int) throws -> Bool
    ) async throws -> [Double] {
        let namespace = try await tenant.namespace()
        var latencies: [Double] = []
        while try goesOn(latencies.count) {
            latencies.append(try await tenant.latency(of: "claim-\(latencies.count)", in: namespace).whole)
        }
        return latencies
    }
}
