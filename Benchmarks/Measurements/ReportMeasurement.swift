import Foundation
import TestBed

/// A report over many archives. They are copies of the record of one that the controller made.
struct ReportMeasurement {
    let bench: Bench

    func take(into figures: inout Figures) async throws {
        let tenant = try await Tenant(on: bench)
        let record = try await archive(tenant)
        try await write(bench.size.records, like: record, for: tenant)
        for _ in 0..<bench.runs {
            let (seconds, peak) = try await report(tenant, of: bench.size.records)
            figures.note(seconds, .report)
            figures.note(peak, .reportMemory)
        }
        try await write(bench.size.manyRecords, like: record, for: tenant)
        let (seconds, peak) = try await report(tenant, of: bench.size.manyRecords)
        figures.note(seconds, .largeReport)
        figures.note(peak, .largeReportMemory)
    }

    /// - Returns: The name of an archive's record, without its ending.
    private func archive(_ tenant: Tenant) async throws -> String {
        let namespace = try await tenant.namespace()
        let controller = try Contestant.controller.start(for: tenant)
        try await tenant.createClaims(1, in: namespace)
        _ = try await bench.journal.wait(for: .bound, of: "claim-0", in: namespace)
        try await tenant.deleteClaims(1, in: namespace)
        _ = try await bench.journal.wait(for: .gone, of: "claim-0", in: namespace)
        try await controller.stop()
        let files = try FileManager.default.contentsOfDirectory(atPath: records(tenant).path())
        guard let file = files.first else { throw BenchFailure(description: "no archive was recorded") }
        return String(file.dropLast(".json".count))
    }

    private func records(_ tenant: Tenant) -> URL {
        tenant.share.appending(path: ".sb-nfs-provisioner/archives")
    }

    /// Brings the archives up to so many: each a record and a directory, under volumes' names of their own.
    private func write(_ count: Int, like record: String, for tenant: Tenant) async throws {
        let folder = records(tenant)
        let text = try String(contentsOf: folder.appending(path: "\(record).json"), encoding: .utf8)
        let present = try FileManager.default.contentsOfDirectory(atPath: folder.path()).count
        for _ in present..<count {
            let id = "pvc-\(UUID().uuidString.lowercased())"
            let copy = text.replacing(record, with: id)
            try copy.write(to: folder.appending(path: "\(id).json"), atomically: false, encoding: .utf8)
            guard let name = copy.firstMatch(of: /"to" ?: ?"([^"]+)"/)?.1 else {
                throw BenchFailure(description: "the record \(record) does not say where its archive is")
            }
            let directory = tenant.share.appending(path: String(name))
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        }
        // The server believes for a second that the folder is as it was.
        try await Task.sleep(for: .seconds(2))
    }

    /// - Returns: Seconds, and megabytes at most.
    private func report(_ tenant: Tenant, of records: Int) async throws -> (Double, Double) {
        let bed = bench.bed
        let program = try RunningProgram(
            BuiltProgram.path,
            ["report", "backups"],
            environment: [
                "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
                "KUBECONFIG": bed.controllerKubeconfig,
                "NFS_SERVER": bed.nfsServer,
                "NFS_PATH": tenant.share.path(),
                "NFS_MOUNT_OPTIONS": "port=\(bed.nfsPort),mountport=\(bed.nfsMountPort)",
                "PROVISIONER_NAME": tenant.provisioner,
            ],
            log: bench.folder.appending(path: "report-\(UUID().uuidString.prefix(8)).txt")
        )
        var peak = 0.0
        try await wait(for: "the report") {
            guard let usage = program.usage else { return true }
            peak = usage.peak
            return false
        }
        let seconds = (ContinuousClock.now - program.started).seconds
        let rows = program.log.split(separator: "\n").count { $0.contains(" pvc-") }
        guard rows == records else {
            throw BenchFailure(description: "report backups: \(rows) of \(records) rows; \(program.log.suffix(500))")
        }
        return (seconds, peak)
    }
}
