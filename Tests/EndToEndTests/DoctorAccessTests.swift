import Foundation
import Kubernetes
import TestBed
import Testing

@testable import Commands

@Suite("doctor: the rights it checks are those that the manifests grant")
struct DoctorAccessTests {
    private static func required(_ isMeant: (RequiredAccess) -> Bool) -> Set<Right> {
        Set(RequiredAccess.all.filter(isMeant).flatMap(Right.all))
    }

    @Test("manifests/base gives what the controller needs, and nothing else")
    func base() throws {
        let given = try RoleManifest.all("manifests/base/rbac.yaml").flatMap(\.rights)
        let needed = Self.required { $0.need != .reports }
        #expect(Set(given) == needed && given.count == needed.count)
    }

    @Test("manifests/reports gives what the report page needs, by a role of Kubernetes' own")
    func reports() async throws {
        let binding = try RoleManifest.all("manifests/reports/rbac.yaml").first { $0.kind == "ClusterRoleBinding" }
        let name = try #require(binding?.roleRef?.name)
        try await Scenario.run { scenario in
            let json = try await scenario.kubectl(["get", "clusterrole", name, "--output", "json"])
            let role = try JSONDecoder().decode(RoleManifest.self, from: Data(json.utf8))
            let needed = Self.required { $0.need == .reports }
            #expect(Set(role.rights) == needed)
        }
    }
}
