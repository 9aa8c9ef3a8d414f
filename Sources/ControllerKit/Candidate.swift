import Kubernetes
import Synchronization

/// One process that wants to lead: acquires, renews and releases the lease, as ``CandidateState`` allows.
final class Candidate: Sendable {
    /// The outcome of an attempt.
    enum Standing: Hashable {
        /// The lease is ours, written by a request begun at this time.
        case leading(since: ContinuousClock.Instant)
        case standingBy(holder: String)
    }

    private let api: API<Lease>
    private let key: ObjectKey
    private let state: Mutex<CandidateState>

    init(api: API<Lease>, key: ObjectKey, identity: String, timing: LeaseTiming) {
        self.api = api
        self.key = key
        state = Mutex(CandidateState(identity: identity, timing: timing))
    }

    /// Makes one attempt to acquire or renew the lease, until `deadline` at the latest.
    func attempt(by deadline: ContinuousClock.Instant) async throws(KubernetesError) -> Standing {
        try await withDeadline(deadline, of: "lease \(key)") { () throws(KubernetesError) in
            try await self.attempt()
        }
    }

    /// Ends the leadership, although the API server may still name this process as leader.
    func stepDown() {
        state.withLock { $0.stepDown() }
    }

    /// Releases the lease, so that another candidate need not wait for it to expire.
    func release(by deadline: ContinuousClock.Instant) async throws(KubernetesError) {
        stepDown()
        try await withDeadline(deadline, of: "lease \(key)") { () throws(KubernetesError) in
            do throws(KubernetesError) {
                try await self.giveUp()
            } catch let error where error.code == .conflict {
                // A cancelled renewal may have been carried out nevertheless: read the lease, and release it if it is
                // ours.
                guard let lease = try await self.read(), self.isOurs(lease) else { throw error }
                try await self.giveUp()
            }
        }
    }

    private func giveUp() async throws(KubernetesError) {
        let (spec, version) = state.withLock { ($0.givenUp(at: .now), $0.resourceVersion) }
        _ = try await api.patch(key, .merge(["spec": spec.fields], resourceVersion: version))
    }

    /// Records a lease that was just read, and returns whether it is ours.
    private func isOurs(_ lease: Lease) -> Bool {
        state.withLock { state in
            _ = state.read(lease, at: .now)
            return lease.spec?.holderIdentity == state.identity
        }
    }

    private func attempt() async throws(KubernetesError) -> Standing {
        let (isLeading, version) = state.withLock { ($0.renewedAt != nil, $0.resourceVersion) }
        if isLeading {
            do {
                return try await patch(resourceVersion: version)
            } catch let error where error.code == .conflict || error.code == .notFound {
                // Another client wrote or deleted the lease: read it.
            }
        }
        let lease = try await read()
        switch state.withLock({ $0.read(lease, at: .now) }) {
        case .create:
            return try await create()
        case .patch(let version):
            return try await patch(resourceVersion: version)
        case .standBy(let holder):
            return .standingBy(holder: holder)
        }
    }

    private func read() async throws(KubernetesError) -> Lease? {
        do {
            return try await api.get(key)
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    private func create() async throws(KubernetesError) -> Standing {
        let spec = state.withLock { $0.holding(at: .now) }
        let metadata = ObjectMeta(name: key.name, namespace: key.namespace)
        return try await write { () throws(KubernetesError) in
            try await api.create(Lease(metadata: metadata, spec: spec))
        }
    }

    private func patch(resourceVersion: String?) async throws(KubernetesError) -> Standing {
        let spec = state.withLock { $0.holding(at: .now) }
        return try await write { () throws(KubernetesError) in
            try await api.patch(key, .merge(["spec": spec.fields], resourceVersion: resourceVersion))
        }
    }

    private func write(
        _ request: () async throws(KubernetesError) -> Lease
    ) async throws(KubernetesError) -> Standing {
        let start = ContinuousClock.now
        let lease = try await request()
        state.withLock { $0.wrote(lease, requestedAt: start) }
        return .leading(since: start)
    }
}

extension Lease.Spec {
    /// The fields of a merge patch; a `nil` field is removed.
    fileprivate var fields: JSONValue {
        [
            "holderIdentity": holderIdentity.map { .string($0) } ?? nil,
            "leaseDurationSeconds": leaseDurationSeconds.map { .integer(Int64($0)) } ?? nil,
            "acquireTime": acquireTime.map { .string($0.description) } ?? nil,
            "renewTime": renewTime.map { .string($0.description) } ?? nil,
            "leaseTransitions": leaseTransitions.map { .integer(Int64($0)) } ?? nil,
        ]
    }
}
