import Kubernetes
import TestBed
import Testing

@testable import ControllerKit

/// Against the real API server.
@Suite(.timeLimit(.minutes(10))) struct CandidateTests {
    @Test func `a lease is given up even if a renewal nobody knows of went before`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let (leases, key) = (client.api(Lease.self), ObjectKey(namespace: namespace, name: "leader"))
            let candidate = Candidate(api: leases, key: key, identity: "a", timing: .standard)
            _ = try await candidate.attempt(by: .now + .seconds(30))
            let renewal = Patch.merge(["spec": ["renewTime": .string(MicroTime.now.description)]])
            _ = try await leases.patch(key, renewal)

            try await candidate.release(by: .now + .seconds(30))
            #expect(try await leases.get(key).spec?.holderIdentity == "")
        }
    }

    @Test func `a lease that another took is not given up`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let (leases, key) = (client.api(Lease.self), ObjectKey(namespace: namespace, name: "leader"))
            let candidate = Candidate(api: leases, key: key, identity: "a", timing: .standard)
            _ = try await candidate.attempt(by: .now + .seconds(30))
            _ = try await leases.patch(key, .merge(["spec": ["holderIdentity": "b"]]))

            let error = await #expect(throws: KubernetesError.self) {
                try await candidate.release(by: .now + .seconds(30))
            }
            #expect(error?.code == .conflict)
            #expect(try await leases.get(key).spec?.holderIdentity == "b")
        }
    }
}
