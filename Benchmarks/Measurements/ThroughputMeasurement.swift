import Provisioning

/// Many claims at once: a backlog that is provisioned and then archived, a burst that is Bound and then deleted; the
/// controller and the floor in turn.
struct ThroughputMeasurement {
    private struct IdleRequests {
        let atStart: Double
        let perSecond: Double

        /// - Returns: For each of so many; a request more or less in all is one of the lease.
        func apart(from cost: Backlog.Cost, for count: Int) -> Double {
            let requests = cost.requests - atStart - perSecond * cost.lifetime
            return (requests / Double(count) * 100).rounded() / 100
        }
    }

    let bench: Bench

    func take(into figures: inout Figures) async throws {
        let archiving = try await Tenant(on: bench)
        let deleting = try await Tenant(on: bench, onDelete: .delete)
        let floorTenant = try await Tenant(on: bench)
        let idle = try await idleRequests(of: archiving)
        for _ in 0..<bench.runs {
            try await backlog(of: archiving, floorTenant, idle, into: &figures)
            try await burst(of: deleting, floorTenant, idle, into: &figures)
        }
    }

    /// What a controller without work asks of the API server, lists apart: at its start, and then each second for its
    /// lease. It is no cost of a claim.
    private func idleRequests(of tenant: Tenant) async throws -> IdleRequests {
        let controller = try Contestant.controller.start(for: tenant)
        try await controller.waitUntilReady()
        try await Task.sleep(for: .seconds(2))
        let start = try await controller.requests { $0 != "LIST" }
        let seconds = 10.0
        try await Task.sleep(for: .seconds(seconds))
        let later = try await controller.requests { $0 != "LIST" }
        try await controller.stop()
        return IdleRequests(atStart: start, perSecond: (later - start) / seconds)
    }

    private func backlog(
        of tenant: Tenant,
        _ floorTenant: Tenant,
        _ idle: IdleRequests,
        into figures: inout Figures
    ) async throws {
        let count = Double(bench.size.claims)
        let backlog = try await Backlog(of: bench.size.claims, for: tenant)
        let provision = try await backlog.provision(by: .controller)
        let archive = try await backlog.release(by: .controller)
        let floorBacklog = try await Backlog(of: bench.size.claims, for: floorTenant)
        let floorProvision = try await floorBacklog.provision(by: .floor)
        let floorRelease = try await floorBacklog.release(by: .floor)
        figures.note(
            count / provision.seconds,
            .backlog,
            to: count / floorProvision.seconds,
            .backlogFloor,
            .backlogRatio
        )
        figures.note(count / archive.seconds, .archive, to: count / floorRelease.seconds, .archiveFloor, .archiveRatio)
        figures.note(idle.apart(from: provision, for: bench.size.claims), .claimRequests)
        figures.note(idle.apart(from: archive, for: bench.size.claims), .archiveRequests)
        figures.note(provision.cpu / count * 1000, .claimCPU)
        figures.note(floorProvision.cpu / count * 1000, .claimCPUFloor)
        figures.note(archive.cpu / count * 1000, .archiveCPU)
        figures.note(floorRelease.cpu / count * 1000, .archiveCPUFloor)
    }

    private func burst(
        of tenant: Tenant,
        _ floorTenant: Tenant,
        _ idle: IdleRequests,
        into figures: inout Figures
    ) async throws {
        let count = Double(bench.size.claims)
        let (seconds, delete) = try await burst(of: tenant, by: .controller)
        let (floorSeconds, floorDelete) = try await burst(of: floorTenant, by: .floor)
        figures.note(seconds, .burst, to: floorSeconds, .burstFloor, .burstRatio)
        figures.note(count / delete.seconds, .delete, to: count / floorDelete.seconds, .deleteFloor, .deleteRatio)
        figures.note(idle.apart(from: delete, for: bench.size.claims), .deleteRequests)
    }

    /// - Returns: How long a burst took until all claims were Bound, and what their release took.
    private func burst(of tenant: Tenant, by contestant: Contestant) async throws -> (Double, Backlog.Cost) {
        let running = try contestant.start(for: tenant)
        try await running.waitUntilReady()
        let namespace = try await tenant.namespace()
        let start = ContinuousClock.now
        let burst = try await Backlog(of: bench.size.claims, for: tenant, in: namespace)
        let end = try await bench.journal.wait(for: burst.count, .bound, in: namespace)
        try await running.stop()
        return ((end - start).seconds, try await burst.release(by: contestant))
    }
}
