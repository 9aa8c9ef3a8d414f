import Foundation
import Glibc
import Kubernetes
import NIOCore
import NIOHTTP1
import Provisioning
import Synchronization
import TestBed

/// The layer that breaks things, and mends them again.
struct TortureInjector: Sendable {
    let bed: TortureBed
    let fleet: TortureFleet
    let credentials: TortureCredentials
    let report: TortureReport
    /// Whether the operations of the round have all been asked for.
    let isWorkloadDone: @Sendable () -> Bool

    /// Has the fault for as long as it says.
    func inject(_ injection: TortureFault.Injection) async throws {
        let time = Duration.milliseconds(injection.tenths * 100)
        switch injection.fault {
        case .killed, .killedAtStep, .suspendedPastLease, .twoWithoutElection, .clockJumped, .clocksApart, .oldLists:
            try await injectIntoController(injection, time)
        case .tokenRotated: try await credentials.rotateToken()
        case .certificateChanged: try await credentials.changeCertificate()
        case .etcdRestarted: try await halt(.etcd, for: time)
        case .apiServerRestarted: try await halt(.apiServer, for: time)
        case .controllerManagerAway: try await halt(.controllerManager, for: time)
        case .apiBusy: try await api(.answering(.tooManyRequests, everyNth: 2), for: time)
        case .apiFailing: try await api(.answering(.internalServerError, everyNth: 2), for: time)
        case .apiConflicting: try await api(.answering(.conflict, everyNth: 3), for: time)
        case .apiExpired: try await api(.answering(.gone, everyNth: 2), for: time)
        case .apiSlow: try await api(.slow(.milliseconds(200 + 100 * injection.variant)), for: time)
        case .apiSilent: try await api(.silent, for: time)
        case .apiUnreachable: try await api(.hangingUp, for: time)
        case .watchesCut: try await api(.cuttingWatches, for: time)
        case .nfsRestarted, .nfsHung, .exportReadOnly, .exportSquashed, .exportSwapped, .exportWithdrawn, .handlesStale:
            try await injectIntoServer(injection, time)
        case .nfsSlow: try await way(.slow(.milliseconds(Int64(10 + 20 * injection.variant))), for: time)
        case .nfsCut: try await way(.cutting(everyNth: 3 + injection.variant), for: time)
        case .nameUnknown: try await loseName(for: time)
        case .exportFull: try await fill(for: time, withFiles: false)
        case .exportWithoutInodes: try await fill(for: time, withFiles: true)
        }
        report.injected(injection.fault)
    }

    // MARK: The controller

    private func injectIntoController(_ injection: TortureFault.Injection, _ time: Duration) async throws {
        switch injection.fault {
        case .killed:
            for _ in 0...(injection.variant % 3) {
                try await Task.sleep(for: time / 3)
                try await fleet.restart()
            }
        case .killedAtStep: try await killAtStep(injection.variant)
        case .suspendedPastLease: try await suspendPastLease(injection.variant)
        case .twoWithoutElection: try await runTwo()
        case .clockJumped: try await jump(injection.variant, time)
        case .clocksApart: try await runWithClocksApart(injection.variant)
        default: try await showOldLists(time)
        }
    }

    /// At one of the changes of the share that the round makes, before or after the server has it.
    private func killAtStep(_ variant: Int) async throws {
        guard let controller = await fleet.controllers.first else { return }
        let moment = variant.isMultiple(of: 2) ? ChangeBreaker.Moment.before : .after
        bed.breaker.arm(afterChanges: variant, moment) { controller.signal(SIGKILL) }
        // A round may have fewer changes.
        let deadline = ContinuousClock.now + .seconds(10)
        while !bed.breaker.isBroken, !isWorkloadDone() || ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        if !bed.breaker.isBroken { controller.signal(SIGKILL) }
        bed.breaker.arm(afterChanges: .max, .before) {}
        try await fleet.restart()
    }

    /// L6: the one that wakes after another took over changes nothing.
    private func suspendPastLease(_ variant: Int) async throws {
        try await fleet.stop()
        let first = try await fleet.start(elects: true)
        try await bed.wait(for: "the first leads") { first.log.contains("leading") }
        let second = try await fleet.start(elects: true)
        try await Task.sleep(for: .milliseconds(50 * variant))
        first.signal(SIGSTOP)
        try await bed.wait(for: "the second leads", within: .seconds(120)) { second.log.contains("leading") }
        let takenOver = Date.now
        try await bed.wait(for: "the second is at work") { isWorkloadDone() }
        // Given up in time, the lease is had by the one that wakes at once: what it was at must not go on.
        if variant.isMultiple(of: 2) { second.signal(SIGTERM) }
        first.signal(SIGCONT)
        try await bed.wait(for: "the first stands by again") {
            first.log.contains("standing by again")
        }
        let name = await fleet.podName(of: first) + "_"
        if !variant.isMultiple(of: 2) {
            let late = try bed.auditLines(on: .first).filter { $0.by?.hasPrefix(name) == true }
                .filter { Double($0.at.seconds) > takenOver.timeIntervalSince1970 + 1 }
            report.check("fencing", late.isEmpty, "\(name) wrote after another had its lease: \(late)")
        }
        try await fleet.stop()
        try await fleet.start()
    }

    private func runTwo() async throws {
        let second = try await fleet.start()
        try await bed.wait(for: "both have had the operations") { isWorkloadDone() }
        try await bed.wait(for: "the second knows the cluster") {
            second.log.contains("cluster known")
        }
        try await Task.sleep(for: .seconds(2))
        second.signal(SIGTERM)
        try await bed.wait(for: "the second has ended") { !second.isRunning }
    }

    /// A controller that starts is shown what there was when the last one started.
    private func showOldLists(_ time: Duration) async throws {
        try await bed.wait(for: "the operations were asked for") { isWorkloadDone() }
        bed.api.set(.answeringOldLists)
        try await fleet.restart()
        try await Task.sleep(for: time)
        bed.api.set(nil)
    }

    // MARK: The cluster

    private func halt(_ process: BedProcess, for time: Duration) async throws {
        let script = TortureBed.scripts.appending(path: "bed.sh").path()
        let halted = try await bed.run([script, "halt", bed.bed.folder, process.rawValue])
        guard halted.code == 0 else { throw Scenario.Failure(description: "bed.sh halt: \(halted.error)") }
        try await Task.sleep(for: time)
        try await bed.insist(on: "\(process.rawValue) is started again") {
            let resumed = try await bed.run([script, "resume", bed.bed.folder, process.rawValue])
            guard resumed.code == 0 else { throw Scenario.Failure(description: "bed.sh resume: \(resumed.error)") }
        }
        try await bed.wait(for: "\(process.rawValue) runs and the API server answers") {
            guard let pid = process.pid(on: bed.bed), FileManager.default.fileExists(atPath: "/proc/\(pid)/exe") else {
                throw Scenario.Failure(description: "it ended")
            }
            return try await bed.scenario.kubectl(["get", "--raw", "/readyz"]) == "ok"
        }
    }

    private func api(_ fault: FaultyAPIServer.Fault, for time: Duration) async throws {
        bed.api.set(fault)
        try await Task.sleep(for: time)
        bed.api.set(nil)
    }

    // MARK: The NFS server

    private func injectIntoServer(_ injection: TortureFault.Injection, _ time: Duration) async throws {
        switch injection.fault {
        case .nfsHung:
            try bed.server.pause()
            try await Task.sleep(for: time)
            try bed.server.resume()
        case .exportReadOnly: try await serve(":ro", for: time)
        case .exportSquashed: try await serve(":root_squash", for: time)
        case .exportSwapped:
            let left = try await bed.server.swapFirstExport { try await Task.sleep(for: time + .seconds(1)) }
            report.check("foreignShareUntouched", left.isEmpty, "made on a share of nobody's: \(left)")
        case .exportWithdrawn: try await withdrawExports(injection.variant)
        case .handlesStale: try makeHandlesStale()
        default:
            try await bed.server.stop()
            try await Task.sleep(for: time)
            try await bed.server.start()
        }
    }

    /// Takes the first export away, or all of them, for two seconds: every handle below is stale meanwhile.
    private func withdrawExports(_ variant: Int) async throws {
        let exports = variant.isMultiple(of: 2) ? [bed.bed.exportA] : bed.server.exports
        try bed.server.setExports(without: exports)
        try await Task.sleep(for: .seconds(2))
        try bed.server.setExports(without: [])
    }

    private func serve(_ option: String, for time: Duration) async throws {
        try await bed.server.stop()
        try await bed.server.start(option)
        try await Task.sleep(for: time)
        try await bed.server.stop()
        try await bed.server.start()
    }

    /// Folders of the controller's are replaced by new ones of their names, as a restore of the share would.
    private func makeHandlesStale() throws {
        for share in [TortureShare.first, .other] {
            for name in ["trash", "staging"] {
                let folder = bed.root(of: share).appending(path: ".sb-nfs-provisioner/\(name)").path()
                guard FileManager.default.fileExists(atPath: folder) else { continue }
                // Only an empty one: what is in it is at work.
                guard rmdir(folder) == 0 else { continue }
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            }
        }
    }

    private func way(_ fault: FaultyWay.Fault, for time: Duration) async throws {
        bed.way.set(fault)
        try await Task.sleep(for: time)
        bed.way.set(nil)
    }

    private func loseName(for time: Duration) async throws {
        guard bed.hasOwnNames else { return report.skipped(.nameUnknown, "nothing can be mounted") }
        try bed.setName(known: false)
        bed.way.cutConnections()
        try await Task.sleep(for: time)
        try bed.setName(known: true)
    }

    private func fill(for time: Duration, withFiles: Bool) async throws {
        guard bed.hasSmallFileSystem else {
            return report.skipped(withFiles ? .exportWithoutInodes : .exportFull, "no file system can be mounted")
        }
        let folder = bed.server.smallExport.appending(path: "filler")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let block = Data(count: withFiles ? 0 : 256 << 10)
        var number = 0
        // Until the server has no more of it.
        while FileManager.default.createFile(atPath: folder.appending(path: "\(number)").path(), contents: block) {
            number += 1
        }
        try await Task.sleep(for: time)
        try FileManager.default.removeItem(at: folder)
    }
}
