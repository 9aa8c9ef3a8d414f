/// A batch of claims of one namespace, and a contestant that finds them waiting.
struct Backlog {
    /// What it took to get all of them done.
    struct Cost {
        let seconds: Double
        /// Seconds of the contestant's processor time, until the cluster had done its part too.
        let cpu: Double
        /// Requests to the API server but lists, until then; 0 for the floor.
        let requests: Double
        /// Seconds from the contestant's start until then.
        let lifetime: Double

        init(of contestant: RunningContestant, until end: ContinuousClock.Instant) async throws {
            seconds = (end - contestant.program.started).seconds
            cpu = contestant.program.usage?.cpu ?? 0
            requests = contestant.kind == .controller ? try await contestant.requests { $0 != "LIST" } : 0
            lifetime = (.now - contestant.program.started).seconds
        }
    }

    let tenant: Tenant
    let namespace: String
    let count: Int

    private var journal: Journal { tenant.bench.journal }

    /// Makes the claims, and waits until the cluster has named their provisioner.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - tenant: Whose.
    ///   - namespace: Where no other claims are; nil for a new one.
    /// - Throws: What the API server says.
    init(of count: Int, for tenant: Tenant, in namespace: String? = nil) async throws {
        self.tenant = tenant
        self.count = count
        if let namespace { self.namespace = namespace } else { self.namespace = try await tenant.namespace() }
        tenant.bench.say("\(count) claims are made")
        try await tenant.createClaims(count, in: self.namespace)
        try await journal.wait(for: count, .asked, in: self.namespace)
    }

    /// From the start of the contestant until all volumes exist.
    func provision(
        by contestant: Contestant,
        meanwhile: () async throws -> Void = {}
    ) async throws -> Cost {
        let running = try contestant.start(for: tenant)
        try await meanwhile()
        let end = try await journal.wait(for: count, .provisioned, in: namespace)
        try await journal.wait(for: count, .bound, in: namespace)
        let cost = try await Cost(of: running, until: end)
        try await running.stop()
        return cost
    }

    /// Deletes the claims while nobody serves them; then from the start of the contestant until all volumes are gone.
    func release(by contestant: Contestant) async throws -> Cost {
        try await tenant.deleteClaims(count, in: namespace)
        try await journal.wait(for: count, .released, in: namespace)
        let running = try contestant.start(for: tenant)
        let end = try await journal.wait(for: count, .gone, in: namespace)
        let cost = try await Cost(of: running, until: end)
        try await running.stop()
        return cost
    }
}
