/// One claim at a time on an idle controller, and in turn with them on an idle floor.
struct SingleMeasurement {
    let bench: Bench

    func take(into figures: inout Figures) async throws {
        let (tenant, floorTenant) = (try await Tenant(on: bench), try await Tenant(on: bench))
        let controller = try Contestant.controller.start(for: tenant)
        let floor = try Contestant.floor.start(for: floorTenant)
        try await controller.waitUntilReady()
        try await floor.waitUntilReady()
        let (namespace, floorNamespace) = (try await tenant.namespace(), try await floorTenant.namespace())
        // The first one opens the share and the connections.
        _ = try await tenant.latency(of: "first", in: namespace)
        _ = try await floorTenant.latency(of: "first", in: floorNamespace)
        var (latencies, floorLatencies): ([Double], [Double]) = ([], [])
        for number in 0..<bench.size.singles {
            latencies.append(try await tenant.latency(of: "claim-\(number)", in: namespace).whole)
            floorLatencies.append(try await floorTenant.latency(of: "claim-\(number)", in: floorNamespace).whole)
        }
        figures.note(latencies.median, .singleMedian)
        figures.note(latencies.percentile(99), .singleWorst)
        figures.note(floorLatencies.median, .singleFloor)
        try await controller.stop()
        try await floor.stop()
    }
}

extension Tenant {
    /// How long a claim waited for its volume, in milliseconds.
    struct Latency {
        /// From before the claim was asked for.
        let whole: Double
        /// From when the cluster had named the provisioner on it, which other claims may keep it from for a while.
        let served: Double
    }

    /// Creates a claim, and waits until it is Bound.
    func latency(of name: String, in namespace: String) async throws -> Latency {
        let start = ContinuousClock.now
        try await createClaim(name, in: namespace)
        let asked = try await bench.journal.wait(for: .asked, of: name, in: namespace)
        let end = try await bench.journal.wait(for: .provisioned, of: name, in: namespace)
        _ = try await bench.journal.wait(for: .bound, of: name, in: namespace)
        return Latency(whole: (end - start).milliseconds, served: (end - asked).milliseconds)
    }
}
