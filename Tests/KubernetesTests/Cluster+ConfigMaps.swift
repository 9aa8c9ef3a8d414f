import Kubernetes
import TestBed

extension Cluster {
    /// Makes `count` config maps `item-0…`, sixteen at a time.
    static func fill(_ namespace: String, count: Int, through client: KubernetesClient) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<16 {
                group.addTask {
                    let maps = client.api(ConfigMap.self)
                    for index in stride(from: worker, to: count, by: 16) {
                        _ = try await maps.create(ConfigMap("item-\(index)", in: namespace))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The code of the error `body` throws, or `nil`.
    static func code(_ body: () async throws -> Void) async -> KubernetesError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? KubernetesError)?.code
        }
    }
}
