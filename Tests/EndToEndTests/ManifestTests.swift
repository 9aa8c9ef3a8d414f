import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("What the manifests put into a cluster")
struct ManifestTests {
    @Test(
        "N1, N2: the default class archives what is deleted, at once binds and lets grow, under the provisioner's own name"
    )
    func storageClass() async throws {
        try await Scenario.run { scenario in
            let storageClass = try await scenario.admin.api(StorageClass.self)
                .get(ObjectKey(name: "sb-managed-nfs-storage"))
            #expect(storageClass.provisioner == ProvisionerSettings().provisionerName)
            #expect(storageClass.metadata.annotations?["storageclass.kubernetes.io/is-default-class"] == "true")
            #expect(storageClass.reclaimPolicy == .delete && storageClass.volumeBindingMode == .immediate)
            #expect(storageClass.allowVolumeExpansion == true)
            #expect(storageClass.parameters == ["onDelete": "archive"])
            let parameters = try ClassParameters(storageClass.parameters ?? [:])
            #expect(
                parameters.releaseAction == .archive && parameters.unknown.isEmpty && parameters.pathTemplate == nil
            )
        }
    }
}
