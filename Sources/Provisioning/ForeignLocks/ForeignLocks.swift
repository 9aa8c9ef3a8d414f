import Kubernetes
import Logging

/// Waits until no other provisioner under one of our names is at work (rule L2): two of them would undo each other's.
struct ForeignLocks: Sendable {
    private static let pause = Duration.seconds(3)

    private let client: KubernetesClient
    private let names: [String]
    private let ownNamespace: String
    private let logger: Logger

    /// - Parameters:
    ///   - client: To look with.
    ///   - settings: Whose names count.
    ///   - namespace: Where our own lease is, which does not count.
    ///   - logger: Where it is said what is waited for.
    init(client: KubernetesClient, settings: ProvisionerSettings, namespace: String, logger: Logger) {
        self.client = client
        let provisioners = [settings.provisionerName] + settings.additionalProvisionerNames
        names = Set(provisioners.map(ProvisionerSettings.lockName)).sorted()
        ownNamespace = namespace
        self.logger = logger
    }

    func waitUntilFree() async throws(CancellationError) {
        var watch = ForeignLockWatch()
        var told: [String] = []
        while true {
            let held = watch.look(at: await locks(), time: .now, now: .now)
            if held.isEmpty { return }
            let places = held.map { "\($0.place), held by \($0.holder)" }
            if places != told { warn(places) }
            told = places
            do {
                try await Task.sleep(for: Self.pause)
            } catch {
                throw CancellationError()
            }
        }
    }

    /// What cannot be looked at does not keep claims waiting for ever.
    private func locks() async -> [ForeignLock] {
        var locks: [ForeignLock] = []
        for name in names {
            do throws(KubernetesError) {
                let selector = "metadata.name=\(name)"
                let endpoints = try await client.api(Endpoints.self).page(limit: nil, fieldSelector: selector)
                let leases = try await client.api(Lease.self).page(limit: nil, fieldSelector: selector)
                locks += endpoints.items.compactMap { ForeignLock($0) }
                locks += leases.items.filter { $0.metadata.namespace != ownNamespace }.compactMap { ForeignLock($0) }
            } catch {
                logger.warning(
                    "whether another provisioner is at work is not known",
                    metadata: ["provisioner": "\(name)", "error": "\(error)"]
                )
            }
        }
        return locks
    }

    private func warn(_ places: [String]) {
        logger.warning(
            "another provisioner of our name is at work: waiting until it has stopped; scale it to 0",
            metadata: ["locks": "\(places.joined(separator: "; "))"]
        )
    }
}
