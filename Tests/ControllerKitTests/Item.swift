import Kubernetes

/// A small object to store and watch: a Lease with a number for its holder. One with something else cannot be read.
struct Item: KubernetesObject {
    static let resource = Lease.resource

    struct Spec: Codable, Hashable {
        var n: Int

        init(_ n: Int) { self.n = n }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            guard let n = Int(try container.decode(String.self, forKey: .n)) else {
                throw DecodingError.dataCorruptedError(forKey: .n, in: container, debugDescription: "no number")
            }
            self.n = n
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(String(n), forKey: .n)
        }

        private enum CodingKeys: String, CodingKey { case n = "holderIdentity" }
    }

    var apiVersion: String? = Lease.resource.apiVersion
    var kind: String? = Lease.resource.kind
    var metadata: ObjectMeta
    var spec: Spec

    /// One as the API server might have it.
    init(_ name: String, uid: String = "1", version: String, n: Int = 0) {
        metadata = ObjectMeta(name: name, namespace: "test", uid: uid, resourceVersion: version)
        spec = Spec(n)
    }

    /// One to be created.
    init(creating name: String, in namespace: String, n: Int = 0) {
        metadata = ObjectMeta(name: name, namespace: namespace)
        spec = Spec(n)
    }
}
