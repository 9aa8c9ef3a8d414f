import Testing

@testable import Kubernetes

@Suite("Requests")
struct RequestTests {
    @Test func aRequestKnowsItsPathAndItsName() throws {
        let volume = try Request(.get, PersistentVolume.resource, ObjectKey(name: "pvc-1"))
        #expect(volume.uri == "/api/v1/persistentvolumes/pvc-1")
        #expect(volume.description == "GET persistentvolumes/pvc-1")

        let lease = try Request(.patch, Lease.resource, ObjectKey(namespace: "ns", name: "lock"))
        #expect(lease.uri == "/apis/coordination.k8s.io/v1/namespaces/ns/leases/lock")
        #expect(lease.description == "PATCH leases/ns/lock")
    }

    @Test func valuesAreEncodedInPathAndQuery() throws {
        var request = try Request(.list, PersistentVolumeClaim.resource, namespace: "a/b?c")
        request.query("continue", "x+y/z=&")
        request.query("limit", "5")
        request.query("fieldSelector", nil)
        #expect(
            request.uri == "/api/v1/namespaces/a%2Fb%3Fc/persistentvolumeclaims?continue=x%2By%2Fz%3D%26&limit=5"
        )
    }

    @Test("A name that would change the path is never sent", arguments: ["", ".", ".."])
    func hostileNames(name: String) {
        #expect(throws: KubernetesError.self) {
            try Request(.delete, PersistentVolume.resource, ObjectKey(name: name))
        }
        #expect(throws: KubernetesError.self) {
            try Request(.delete, Lease.resource, ObjectKey(namespace: name, name: "lock"))
        }
    }

    @Test func aNamespaceIsGivenWhereThereIsOneAndOnlyThere() {
        #expect(throws: KubernetesError.self) { try Request(.get, Lease.resource, ObjectKey(name: "l")) }
        #expect(throws: KubernetesError.self) {
            try Request(.get, PersistentVolume.resource, ObjectKey(namespace: "n", name: "v"))
        }
        #expect(throws: KubernetesError.self) { try Request(creating: ObjectMeta(name: "l"), of: Lease.resource) }
    }
}
