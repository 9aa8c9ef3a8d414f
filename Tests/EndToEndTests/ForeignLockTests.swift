import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("Two provisioners of one name")
struct ForeignLockTests {
    @Test("L2: while nfs-subdir-external-provisioner holds its lock no claim is served, and the log says so")
    func waits() async throws {
        try await Scenario.run { scenario in
            let lock = Endpoints(
                metadata: ObjectMeta(
                    name: scenario.provisioner.replacing("/", with: "-"),
                    namespace: scenario.namespace,
                    annotations: [
                        "control-plane.alpha.kubernetes.io/leader": """
                        {"holderIdentity": "nsep-1", "leaseDurationSeconds": 3600, "renewTime": "\(Timestamp.now)"}
                        """
                    ]
                )
            )
            _ = try await scenario.admin.api().create(lock)
            let controller = try scenario.startController()
            try await eventually("it says what it waits for") {
                controller.log.contains("Endpoints \(lock.key), held by nsep-1")
            }
            try await scenario.createClass()
            try await scenario.createClaim("data")
            try await eventually("it knows of the claim") { controller.log.contains("cluster known") }
            #expect(try scenario.listing(scenario.share) == [])
            #expect(try await scenario.claim("data").status?.phase == .pending)

            try await scenario.admin.api(Endpoints.self).delete(lock.key)
            _ = try await scenario.boundVolume(of: "data")
        }
    }
}
