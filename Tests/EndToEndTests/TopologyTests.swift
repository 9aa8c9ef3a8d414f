import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("Claims whose pod already has a node")
struct TopologyTests {
    @Test("C4, C8: a node that cannot reach the export goes back to the scheduler; one that can gets its volume")
    func selectedNode() async throws {
        try await Scenario.run { scenario in
            let (far, near) = ("\(scenario.namespace)-far", "\(scenario.namespace)-near")
            for (node, zone) in [(far, "a"), (near, "b")] {
                let labels = ["topology.kubernetes.io/zone": zone]
                _ = try await scenario.admin.api().create(ClusterNode(metadata: ObjectMeta(name: node, labels: labels)))
            }
            let controller = try scenario.startController(
                configuration: try scenario.configuration(
                    """
                    topology:
                      - export: \(scenario.bed.nfsServer):\(scenario.share.path())
                        labels:
                          topology.kubernetes.io/zone: [b]
                    """
                )
            )
            try await scenario.createClass(bindingMode: .waitForFirstConsumer)
            try await scenario.createClaim("data", annotations: [AnnotationKey.selectedNode: far])
            try await scenario.expectEvent(
                "ProvisioningFailed",
                on: "data",
                saying: "cannot be reached from node \(far)"
            )
            try await eventually("the choice is taken back") {
                try await scenario.claim("data").metadata.annotations?[AnnotationKey.selectedNode] == nil
            }
            #expect(try scenario.listing(scenario.share) == [])

            _ = try await scenario.admin.api(PersistentVolumeClaim.self).patch(
                ObjectKey(namespace: scenario.namespace, name: "data"),
                .merge(["metadata": ["annotations": [AnnotationKey.selectedNode: .string(near)]]])
            )
            let volume = try await scenario.boundVolume(of: "data")
            #expect(volume.spec?.nodeAffinity?.required?.nodeSelectorTerms.count == 1)
            for node in [far, near] { try await scenario.admin.api(ClusterNode.self).delete(ObjectKey(name: node)) }
            withExtendedLifetime(controller) {}
        }
    }
}
