import Foundation
import Glibc
import Provisioning

extension TortureInjector {
    /// The wall clock goes forward or back by an hour and more, then back again; time that passes goes on.
    func jump(_ variant: Int, _ time: Duration) async throws {
        guard canMoveClock(.clockJumped) else { return }
        try setClock(hours: 0)
        try await fleet.restart(environment: movableClock)
        try await Task.sleep(for: time)
        let hours = 1 + variant / 2
        try setClock(hours: variant.isMultiple(of: 2) ? hours : -hours)
        try await waitForWorkload()
        try await Task.sleep(for: .seconds(2))
        try setClock(hours: 0)
        try await Task.sleep(for: .seconds(2))
        try await fleet.stop()
        try await fleet.start()
    }

    /// A controller whose clock and the NFS server's are more than a day apart: by its own, each archive has expired or
    /// none has. Retention purges nothing then.
    func runWithClocksApart(_ variant: Int) async throws {
        guard canMoveClock(.clocksApart) else { return }
        let (hours, isAhead) = (25 + variant, !variant.isMultiple(of: 3))
        try setClock(hours: isAhead ? hours : 0)
        try await fleet.stop()
        let controller = try await fleet.start(environment: movableClock)
        if !isAhead {
            // The API server's certificate is younger than that: the connections have to be there.
            try await bed.wait(for: "the controller knows the cluster") { controller.log.contains("cluster known") }
            try setClock(hours: -hours)
            try await Task.sleep(for: .seconds(2))
        }
        try await waitForWorkload()
        // At least one run of retention.
        try await Task.sleep(for: TortureConfiguration.retentionInterval + .seconds(2))
        let purged = try await expired(by: fleet.podName(of: controller))
        report.check("nothingExpiresWithClocksApart", purged.isEmpty, "purged \(purged), \(hours) h apart")
        try await fleet.stop()
        try await fleet.start()
    }

    /// The archives that retention has begun to purge in a controller, and in none before it.
    private func expired(by pod: String) throws -> Set<String> {
        let purges = try TortureShare.allCases.flatMap(bed.auditLines)
            .filter { $0.action == .purged && $0.reason.hasPrefix("retention") }
        let byPod = Dictionary(grouping: purges) { $0.by?.hasPrefix(pod + "_") ?? false }
        return Set(byPod[true, default: []].map(\.volume)).subtracting(byPod[false, default: []].map(\.volume))
    }

    /// Not for long: an operation may need what no controller can do by this clock, such as to trust a certificate.
    private func waitForWorkload() async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while !isWorkloadDone(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    }

    // MARK: The clock

    /// The library that moves a program's wall clock, and it alone: `scripts/torture.sh` builds it.
    private var library: String? { ProcessInfo.processInfo.environment["TORTURE_CLOCK"] }

    private func canMoveClock(_ fault: TortureFault) -> Bool {
        if library == nil { report.skipped(fault, "TORTURE_CLOCK names no library") }
        return library != nil
    }

    private var clock: URL { bed.folder.appending(path: "clock") }

    private func setClock(hours: Int) throws { try Data("\(hours * 3600)\n".utf8).write(to: clock) }

    /// Has a controller's wall clock follow ``setClock(hours:)`` within a second.
    private var movableClock: [String: String] {
        ["LD_PRELOAD": library ?? "", "WALL_CLOCK_FILE": clock.path()]
    }
}
