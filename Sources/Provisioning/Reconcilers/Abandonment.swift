import Kubernetes

/// Asks the API server, not a cache, whether anything in the cluster needs what was made for a claim.
struct Abandonment: Sendable {
    let claims: API<PersistentVolumeClaim>
    let volumes: API<PersistentVolume>

    init(client: KubernetesClient) {
        claims = client.api()
        volumes = client.api()
    }

    /// Whether neither a volume of the name nor the claim that it was made for exists. If the claim is unknown, the
    /// volume may be needed.
    func isAbandoned(_ volume: String, _ claim: ClaimReference?) async throws -> Bool {
        guard let claim else { return false }
        if try await exists(volumes, ObjectKey(name: volume)) != nil { return false }
        let found = try await exists(claims, ObjectKey(namespace: claim.namespace, name: claim.name))
        return found?.metadata.uid != claim.uid
    }

    /// Whether there is no volume of the name.
    func isGone(_ volume: String) async throws -> Bool {
        try await exists(volumes, ObjectKey(name: volume)) == nil
    }

    private func exists<Object: KubernetesObject>(
        _ api: API<Object>,
        _ key: ObjectKey
    ) async throws(KubernetesError) -> Object? {
        do {
            return try await api.get(key)
        } catch let error where error.code == .notFound {
            return nil
        }
    }
}
