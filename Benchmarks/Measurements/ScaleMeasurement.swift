import Foundation
import TestBed

/// How the cost grows with the work; then what the controller takes with the largest number of volumes and claims.
struct ScaleMeasurement {
    let bench: Bench

    func take(into figures: inout Figures) async throws {
        let tenant = try await Tenant(on: bench)
        for count in bench.size.steps {
            let isLargest = count == bench.size.steps.last
            let backlog = try await Backlog(of: count, for: tenant)
            var crowd: [Tenant.Latency] = []
            let provision = try await backlog.provision(by: .controller) {
                if isLargest { crowd = try await bystanders(of: backlog) }
            }
            if isLargest {
                figures.note(crowd.map(\.served).max() ?? 0, .crowd)
                figures.note(crowd.map(\.whole).max() ?? 0, .crowdWhole)
                try await atRest(tenant, into: &figures)
            }
            let releases = !isLargest || bench.size.releasesLargestStep
            let release = releases ? try await backlog.release(by: .controller) : nil
            figures.steps.append(
                Figures.Step(
                    claims: count,
                    provisionedPerSecond: Double(count) / provision.seconds,
                    provisionMilliseconds: provision.cpu * 1000 / Double(count),
                    releasedPerSecond: release.map { Double(count) / $0.seconds },
                    releaseMilliseconds: release.map { $0.cpu * 1000 / Double(count) }
                )
            )
        }
        noteGrowth(into: &figures)
    }

    /// The last step against the one before: in the first, the start counts for much.
    private func noteGrowth(into figures: inout Figures) {
        func note(_ name: FigureName, _ cost: (Figures.Step) -> Double?) {
            let costs = figures.steps.compactMap(cost)
            guard costs.count > 1 else { return }
            figures.note(costs[costs.count - 1] / costs[costs.count - 2], name)
        }
        note(.provisionGrowth) { $0.provisionMilliseconds }
        note(.releaseGrowth) { $0.releaseMilliseconds }
    }

    /// Single claims of another namespace, one after another, while the backlog is worked on.
    private func bystanders(of backlog: Backlog) async throws -> [Tenant.Latency] {
        let namespace = try await backlog.tenant.namespace()
        try await bench.journal.wait(for: backlog.count / 20, .provisioned, in: backlog.namespace)
        var latencies: [Tenant.Latency] = []
        for number in 0..<bench.size.bystanders
        where bench.journal.count(.provisioned, in: backlog.namespace) < backlog.count {
            latencies.append(try await backlog.tenant.latency(of: "claim-\(number)", in: namespace))
        }
        guard !latencies.isEmpty else {
            throw BenchFailure(description: "the crowd was served before anybody else came")
        }
        return latencies
    }

    // MARK: At rest

    /// Starts the controller a few times, then lets it be. It does not measure usage, which would be requests to the share
    /// by order of the admin.
    private func atRest(_ tenant: Tenant, into figures: inout Figures) async throws {
        let proxy = try await CountingProxy(to: bench.bed.nfsServer, port: bench.bed.nfsPort)
        let configuration = try bench.configuration("usage: {enabled: false}\n")
        var started: RunningContestant?
        for _ in 0..<bench.runs {
            try await started?.stop()
            let controller = try Contestant.controller.start(
                for: tenant,
                nfsPort: proxy.port,
                configuration: configuration
            )
            try await controller.waitUntilReady()
            figures.note((.now - controller.program.started).seconds, .start)
            started = controller
        }
        guard let controller = started else { return }
        try await controller.waitUntilLeading()
        try await settle(controller)
        figures.note(controller.program.usage?.resident ?? .nan, .memory)
        try await idle(controller, proxy, into: &figures)
        try await relist(controller, into: &figures)
        figures.note(controller.program.usage?.peak ?? .nan, .memoryPeak)
        try await controller.stop()
    }

    /// Waits until the controller has taken no more than a hundredth of a second for two.
    private func settle(_ controller: RunningContestant) async throws {
        var before = controller.program.usage?.cpu ?? 0
        try await wait(for: "the controller is at rest", within: .seconds(120)) {
            try controller.program.requireRunning()
            try await Task.sleep(for: .seconds(2))
            let now = controller.program.usage?.cpu ?? 0
            defer { before = now }
            return now - before < 0.02
        }
    }

    private func idle(
        _ controller: RunningContestant,
        _ proxy: CountingProxy,
        into figures: inout Figures
    ) async throws {
        // GETATTR and FSSTAT.
        let ofHealthCheck: Set<UInt32> = [1, 18]
        let (cpu, calls, requests) = (controller.program.usage?.cpu ?? 0, proxy.calls, try await controller.requests())
        let seconds = Double(bench.size.idleSeconds)
        try await Task.sleep(for: .seconds(seconds))
        let new = proxy.calls.merging(calls) { $0 - $1 }
        figures.note(((controller.program.usage?.cpu ?? .nan) - cpu) / seconds * 100, .idle)
        let health = new.filter { ofHealthCheck.contains($0.key) }.values.reduce(0, +)
        figures.note(Double(new.values.reduce(0, +) - health) / seconds * 60, .idleShareCalls)
        figures.note(Double(health) / seconds * 60, .idleHealthCalls)
        figures.note((try await controller.requests() - requests) / seconds * 60, .idleRequests)
    }

    /// Restarts the API server repeatedly. The versions at which watches ended are then too old, so the controller
    /// lists everything again.
    private func relist(_ controller: RunningContestant, into figures: inout Figures) async throws {
        var resident: [Double] = []
        for _ in 0..<bench.size.relists {
            let before = try await controller.requests { $0 == "LIST" }
            try await bench.bed.restartAPIServer()
            try await wait(for: "the controller lists volumes and claims again", within: .seconds(120)) {
                try controller.program.requireRunning()
                try await Task.sleep(for: .milliseconds(100))
                return try await controller.requests { $0 == "LIST" } >= before + 2
            }
            try await settle(controller)
            resident.append(controller.program.usage?.resident ?? .nan)
        }
        figures.note((resident.last ?? .nan) - (resident.first ?? .nan), .memoryGrowth)
    }
}
