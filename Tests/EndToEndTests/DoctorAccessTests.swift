import Foundation
import Kubernetes
import TestBed
import Testing
import Yams

@testable import sb_nfs_provisioner

@Suite("doctor: the rights it looks for are those that the manifests give")
struct DoctorAccessTests {
    private struct Right: Hashable {
        let scope: RequiredAccess.Scope
        let group: String
        let resource: String
        let verb: String
    }

    private struct Role: Decodable {
        struct Rule: Decodable {
            var apiGroups: [String]?
            var resources: [String]?
            var resourceNames: [String]?
            var verbs: [String]
        }

        struct Reference: Decodable { var name: String }

        var kind: String
        var rules: [Rule]?
        var roleRef: Reference?
    }

    private static func required(_ isMeant: (RequiredAccess) -> Bool) -> Set<Right> {
        let rights = RequiredAccess.all.filter(isMeant).flatMap { access in
            access.verbs.map { Right(scope: access.scope, group: access.group, resource: access.resource, verb: $0) }
        }
        return Set(rights)
    }

    private static func rights(of role: Role) -> [Right] {
        let scope: RequiredAccess.Scope = role.kind == "ClusterRole" ? .cluster : .ownNamespace
        return (role.rules ?? []).flatMap { rule in
            (rule.apiGroups ?? []).flatMap { group in
                (rule.resources ?? []).flatMap { resource in
                    rule.verbs.flatMap { verb in
                        (rule.resourceNames.map { $0.map(RequiredAccess.Scope.object) } ?? [scope]).map { scope in
                            Right(scope: scope, group: group, resource: resource, verb: verb)
                        }
                    }
                }
            }
        }
    }

    private static func roles(_ file: String) throws -> [Role] {
        let text = try String(contentsOf: MetricsPage.repository.appending(path: file), encoding: .utf8)
        return try Yams.compose_all(yaml: text).map { try YAMLDecoder().decode(Role.self, from: $0) }
    }

    @Test("manifests/base gives what the controller needs, and nothing else")
    func base() throws {
        let roles = try Self.roles("manifests/base/rbac.yaml").filter { ["ClusterRole", "Role"].contains($0.kind) }
        let given = roles.flatMap(Self.rights)
        let needed = Self.required { $0.need != .reports }
        #expect(Set(given) == needed && given.count == needed.count)
    }

    @Test("manifests/reports gives what the report page needs, by a role of Kubernetes' own")
    func reports() async throws {
        let binding = try Self.roles("manifests/reports/rbac.yaml").first { $0.kind == "ClusterRoleBinding" }
        let name = try #require(binding?.roleRef?.name)
        try await Scenario.run { scenario in
            let json = try await scenario.kubectl(["get", "clusterrole", name, "--output", "json"])
            let role = try JSONDecoder().decode(Role.self, from: Data(json.utf8))
            let needed = Self.required { $0.need == .reports }
            #expect(Set(Self.rights(of: role)) == needed)
        }
    }
}
